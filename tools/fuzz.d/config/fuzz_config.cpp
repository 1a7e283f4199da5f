// libFuzzer harness of the configuration reader: any bytes as a file, and as COEXIST_OPTIONS.
// What must hold for every input is checked here; ASan and UBSan check the rest.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include <ccoexist/config_reader.h>

#define REQUIRE(condition)         \
  do {                             \
    if (!(condition)) std::abort(); \
  } while (0)

namespace {

struct Seen {
  uint32_t lines = 0;  // of the text; 0 = the text is COEXIST_OPTIONS
  uint32_t text_size = 0;
  int errors = 0, problems = 0, settings = 0;
  uint64_t last = 0;  // position of the diagnostic before
};

void on_diagnostic(const coexist_diagnostic *diagnostic, void *context) {
  auto &seen = *static_cast<Seen *>(context);
  REQUIRE(std::strlen(diagnostic->code) == 4 && diagnostic->code[0] == 'C');
  const size_t length = std::strlen(diagnostic->message);
  REQUIRE(length > 0 && diagnostic->message[length - 1] == '.');
  REQUIRE(std::strchr(diagnostic->message, '\n') == nullptr);
  REQUIRE(diagnostic->label != nullptr && diagnostic->help != nullptr);
  REQUIRE(diagnostic->line <= seen.lines && diagnostic->length >= 1);
  REQUIRE(diagnostic->column <= seen.text_size + 1 && diagnostic->length <= seen.text_size + 1);
  const uint64_t here = uint64_t{diagnostic->line} << 32 | diagnostic->column;
  REQUIRE(here >= seen.last);
  seen.last = here;
  seen.errors += diagnostic->severity == COEXIST_SEVERITY_ERROR;
  seen.problems++;
}

void on_setting(const coexist_setting *setting, void *context) {
  auto &seen = *static_cast<Seen *>(context);
  REQUIRE(*setting->key != 0 && *setting->value != 0 && setting->line <= seen.lines);
  seen.settings++;
}

bool terminated(const char *text, size_t size) { return std::memchr(text, 0, size) != nullptr; }

void check(const coexist_config &config) {
  REQUIRE(config.mode <= COEXIST_MODE_ENFORCE && config.log_level <= COEXIST_LOG_DEBUG);
  REQUIRE(config.children_strip <= 1 && config.abort_on_error <= 1 && config.publish <= 1);
  REQUIRE(config.last_wins <= 1 && config.altstack_min_kib <= 16384);
  REQUIRE(terminated(config.log_file, sizeof config.log_file) && *config.log_file != 0);
  REQUIRE(terminated(config.state_path, sizeof config.state_path) && *config.state_path != 0);
  REQUIRE(config.rules_count <= COEXIST_RULES_MAX);
  REQUIRE(config.definitions_count <= COEXIST_DEFINITIONS_MAX);
  REQUIRE(config.tls_rules_count <= COEXIST_TLS_RULES_MAX);
  for (uint32_t i = 0; i < config.tls_rules_count; i++) {
    const coexist_tls_rule &rule = config.tls_rules[i];
    REQUIRE(rule.policy >= COEXIST_TLS_POLICY_NATIVE && rule.policy <= COEXIST_TLS_POLICY_ENTERED);
    REQUIRE(rule.libraries_count > 0 && rule.line > 0);
    REQUIRE(rule.libraries_count <= COEXIST_PATTERNS_MAX);
  }
  for (uint32_t i = 0; i < config.rules_count; i++) {
    const coexist_rule &rule = config.rules[i];
    REQUIRE(rule.signals != 0 && rule.until <= COEXIST_UNTIL_ALL && rule.line > 0);
    REQUIRE(rule.order_count > 0 && rule.order_count <= COEXIST_RULE_ORDER_MAX);
    for (uint32_t j = 0; j < rule.order_count; j++) {
      REQUIRE(terminated(rule.order[j], COEXIST_NAME_MAX) && *rule.order[j] != 0);
    }
    REQUIRE(terminated(rule.reason, sizeof rule.reason));
  }
  for (uint32_t i = 0; i < config.definitions_count; i++) {
    const coexist_definition &definition = config.definitions[i];
    REQUIRE(terminated(definition.name, COEXIST_NAME_MAX) && *definition.name != 0);
    REQUIRE(definition.libraries_count > 0);
    REQUIRE(definition.libraries_count <= COEXIST_DEFINITION_LIBRARIES_MAX);
  }
}

void fuzz_file(const uint8_t *data, size_t size) {
  static coexist_config config, again;
  const auto *text = reinterpret_cast<const char *>(data);
  Seen seen;
  seen.lines = 1;
  for (size_t i = 0; i < size; i++) seen.lines += text[i] == '\n';
  seen.text_size = static_cast<uint32_t>(size);
  const int errors = coexist_config_read(text, size, "fuzz.toml", &config, on_diagnostic,
                                         on_setting, &seen);
  check(config);
  REQUIRE(errors == seen.errors);
  REQUIRE(config.problems == static_cast<uint32_t>(seen.problems));
  REQUIRE(config.keys == static_cast<uint32_t>(seen.settings));
  // The same bytes give the same settings, with or without sinks.
  REQUIRE(errors ==
          coexist_config_read(text, size, "fuzz.toml", &again, nullptr, nullptr, nullptr));
  REQUIRE(std::memcmp(&config, &again, sizeof config) == 0);
}

void fuzz_options(const uint8_t *data, size_t size) {
  static coexist_config config;
  const std::string options(reinterpret_cast<const char *>(data), size);
  Seen seen;
  seen.text_size = static_cast<uint32_t>(size);
  coexist_config_defaults(&config);
  const int errors =
      coexist_config_options(options.c_str(), &config, on_diagnostic, on_setting, &seen);
  check(config);
  REQUIRE(errors == seen.errors);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_file(data, size);
  if (size <= 4096) fuzz_options(data, size);
  return 0;
}
