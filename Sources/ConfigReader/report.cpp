#include "report.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace config {

namespace {

// Items at one place stay in the order in which they were found.
template <typename Item>
void sort_by_position(std::vector<Item> &items) {
  std::sort(items.begin(), items.end(), [](const Item &a, const Item &b) {
    return std::tie(a.at.line, a.at.column, a.number) < std::tie(b.at.line, b.at.column, b.number);
  });
}

}  // namespace

void Report::error(const char *code, Position at, std::string message, std::string label,
                   std::string help) {
  found_.push_back({found_.size(), code, COEXIST_SEVERITY_ERROR, at, std::move(message),
                    std::move(label), std::move(help)});
}

void Report::warning(const char *code, Position at, std::string message, std::string label,
                     std::string help) {
  found_.push_back({found_.size(), code, COEXIST_SEVERITY_WARNING, at, std::move(message),
                    std::move(label), std::move(help)});
}

void Report::setting(std::string key, std::string value, Position at) {
  settings_.push_back({settings_.size(), std::move(key), std::move(value), at});
}

int Report::deliver(coexist_diagnostic_sink diagnostics, coexist_setting_sink settings,
                    void *context) {
  sort_by_position(found_);
  sort_by_position(settings_);
  int errors = 0;
  for (const Found &found : found_) {
    errors += found.severity == COEXIST_SEVERITY_ERROR;
    if (diagnostics == nullptr) continue;
    coexist_diagnostic diagnostic{};
    std::strncpy(diagnostic.code, found.code, sizeof diagnostic.code - 1);
    diagnostic.severity = found.severity;
    diagnostic.line = found.at.line;
    diagnostic.column = found.at.column;
    diagnostic.length = found.at.length;
    diagnostic.message = found.message.c_str();
    diagnostic.label = found.label.c_str();
    diagnostic.help = found.help.c_str();
    diagnostics(&diagnostic, context);
  }
  if (settings == nullptr) return errors;
  for (const Setting &read : settings_) {
    const coexist_setting setting{read.key.c_str(), read.value.c_str(), read.at.line,
                                  read.at.column};
    settings(&setting, context);
  }
  return errors;
}

}  // namespace config
