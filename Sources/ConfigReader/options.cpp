#include "options.h"

#include "schema.h"
#include "suggest.h"
#include "value.h"

namespace config {

namespace {

// One "key:value"; the value may stand in quotes, then it may hold commas.
struct Option {
  std::string_view key, value;
  size_t key_at, value_at;  // offsets in the string
  bool has_value, closed;
};

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return text.substr(0, 0);
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

// Reads the option that begins at an offset, which then moves past its comma.
Option next_option(std::string_view options, size_t &at) {
  Option option{{}, {}, at, at, false, true};
  const size_t stop = std::min(options.find_first_of(":,", at), options.size());
  option.key = trimmed(options.substr(at, stop - at));
  option.key_at = option.key.empty() ? at : static_cast<size_t>(option.key.data() - options.data());
  if (stop == options.size() || options[stop] == ',') {
    at = stop + 1;
    return option;
  }
  option.has_value = true;
  size_t begin = stop + 1;
  while (begin < options.size() && (options[begin] == ' ' || options[begin] == '\t')) begin++;
  option.value_at = begin;
  size_t search = begin;
  if (begin < options.size() && (options[begin] == '"' || options[begin] == '\'')) {
    const size_t close = options.find(options[begin], begin + 1);
    option.closed = close != std::string_view::npos;
    search = option.closed ? close : options.size();
  }
  const size_t end = std::min(options.find(',', search), options.size());
  option.value = trimmed(options.substr(begin, end - begin));
  at = end + 1;
  return option;
}

Position column(size_t offset, std::string_view text) {
  return {0, static_cast<uint32_t>(offset + 1),
          static_cast<uint32_t>(std::max<size_t>(text.size(), 1))};
}

std::string full_name(const Section &section, const Key &key) {
  return *section.path ? std::string(section.path) + "." + key.name : std::string(key.name);
}

bool can_be_option(const Section &section, const Key &key) {
  return !section.repeated() && key.kind != Kind::version && !is_list(key.kind);
}

void unknown_option(const Option &option, Report &report) {
  std::vector<std::string> names;
  for (const Section &section : sections()) {
    for (const Key &key : section.keys) {
      if (can_be_option(section, key)) names.push_back(full_name(section, key));
    }
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  report.error("C002", column(option.key_at, option.key),
               "unknown key " + quoted(option.key) + " in COEXIST_OPTIONS.",
               did_you_mean(option.key, known), "keys here are " + list(known));
}

void apply(const Option &option, coexist_config &config, Report &report) {
  if (option.key.empty() && !option.has_value) return;  // "a:b,,c:d" and a last comma
  if (!option.has_value || !option.closed) {
    const bool quote = !option.closed;
    report.error("C004",
                 quote ? column(option.value_at, option.value) : column(option.key_at, option.key),
                 quote ? "the closing quote is missing." : quoted(option.key) + " has no value.",
                 quote ? "" : "write `key:value`");
    return;
  }
  for (const Section &section : sections()) {
    for (const Key &key : section.keys) {
      if (!can_be_option(section, key) || full_name(section, key) != option.key) continue;
      std::string_view text = option.value;
      if (text.size() >= 2 && (text[0] == '"' || text[0] == '\'') && text.back() == text[0]) {
        text = text.substr(1, text.size() - 2);
      }
      Value value = value_of_option(key, text);
      value.at = column(option.value_at, option.value);
      const Target target{section, key, reinterpret_cast<char *>(&config)};
      const std::string stored = store(target, value, report);
      if (!stored.empty()) report.setting(target.path(), stored, column(option.key_at, option.key));
      return;
    }
  }
  unknown_option(option, report);
}

}  // namespace

void read_options(std::string_view options, coexist_config &config, Report &report) {
  const size_t invalid = invalid_utf8(options);
  if (invalid != std::string_view::npos) {
    report.error("C004", column(invalid, {}), "this byte is not UTF-8.");
    return;
  }
  for (size_t at = 0; at < options.size();) apply(next_option(options, at), config, report);
}

}  // namespace config
