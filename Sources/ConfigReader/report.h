// What a reading has found: diagnostics and settings, handed out in the order of the file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <ccoexist/config_reader.h>

#include "text.h"

namespace config {

class Report {
 public:
  void error(const char *code, Position at, std::string message, std::string label = {},
             std::string help = {});
  void warning(const char *code, Position at, std::string message, std::string label = {},
               std::string help = {});
  void setting(std::string key, std::string value, Position at);

  size_t settings_count() const { return settings_.size(); }
  size_t problems_count() const { return found_.size(); }
  // Takes back the settings of a record that was not accepted.
  void forget_settings(size_t from) { settings_.resize(from); }

  // Calls the sinks; returns the number of errors.
  int deliver(coexist_diagnostic_sink diagnostics, coexist_setting_sink settings, void *context);

 private:
  struct Found {
    size_t number;
    const char *code;
    coexist_severity severity;
    Position at;
    std::string message, label, help;
  };
  struct Setting {
    size_t number;
    std::string key, value;
    Position at;
  };
  std::vector<Found> found_;
  std::vector<Setting> settings_;
};

}  // namespace config
