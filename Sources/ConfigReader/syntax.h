// What is wrong before any key can be read: not text, or not TOML.
#pragma once

#include "report.h"
#include "text.h"
#include "toml.h"

namespace config {

// Whether toml++ may be given the text: it is UTF-8 without NUL, and no key is nested so deep that
// a recursive parser could overflow its stack. Otherwise reports why (C004).
bool is_parsable(const Source &source, Report &report);

// Reports what toml++ found, in plain words.
void report_syntax_error(const Source &source, const toml::parse_error &error, Report &report);

}  // namespace config
