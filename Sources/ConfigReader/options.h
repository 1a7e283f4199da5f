// COEXIST_OPTIONS: "signals.default:last-wins,log.level:debug".
#pragma once

#include <ccoexist/config.h>

#include "report.h"

namespace config {

void read_options(std::string_view options, coexist_config &config, Report &report);

}  // namespace config
