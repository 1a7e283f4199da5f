// The exported functions.
#include <cstring>
#include <string>

#include "documents.h"
#include "options.h"
#include "reader.h"
#include "syntax.h"

#define EXPORTED extern "C" __attribute__((visibility("default")))

namespace config {

namespace {

void read_file(std::string_view text, coexist_config &config, Report &report) {
  if (text.size() > file_max) {
    report.error("C001", {0, 0, 1},
                 "the file has " + std::to_string(text.size()) + " bytes; at most " +
                     std::to_string(file_max) + " are read.");
    return;
  }
  const Source source(text);
  if (!is_parsable(source, report)) return;
  const toml::parse_result result = toml::parse(source.text());
  if (!result) {
    report_syntax_error(source, result.error(), report);
    return;
  }
  Reader(source, config, report).read(result.table());
}

}  // namespace

}  // namespace config

EXPORTED void coexist_config_defaults(coexist_config *config) {
  std::memset(config, 0, sizeof *config);
  for (const config::Section &section : config::sections()) {
    if (section.repeated()) continue;
    for (const config::Key &key : section.keys) {
      config::store_initial(key, reinterpret_cast<char *>(config));
    }
  }
}

EXPORTED int coexist_config_read(const char *text, size_t size, const char *source,
                                 coexist_config *config, coexist_diagnostic_sink diagnostics,
                                 coexist_setting_sink settings, void *context) {
  config::Report report;
  coexist_config_defaults(config);
  config::read_file({text, size}, *config, report);
  config->keys = static_cast<uint32_t>(report.settings_count());
  config->problems = static_cast<uint32_t>(report.problems_count());
  if (source != nullptr) std::strncpy(config->source, source, sizeof config->source - 1);
  return report.deliver(diagnostics, settings, context);
}

EXPORTED int coexist_config_options(const char *options, coexist_config *config,
                                    coexist_diagnostic_sink diagnostics,
                                    coexist_setting_sink settings, void *context) {
  config::Report report;
  if (options == nullptr) options = "";
  config::read_options(options, *config, report);
  return report.deliver(diagnostics, settings, context);
}

// Each is built at the first call and kept: only a tool asks, and only once.
EXPORTED const char *coexist_config_schema(void) {
  static const std::string *text = nullptr;
  if (text == nullptr) text = new std::string(config::json_schema());
  return text->c_str();
}

EXPORTED const char *coexist_config_template(void) {
  static const std::string *text = nullptr;
  if (text == nullptr) text = new std::string(config::commented_template());
  return text->c_str();
}
