// Signal names as the configuration writes them.
#pragma once

#include <string_view>
#include <vector>

namespace config {

enum class SignalName { ok, unknown, uncatchable, reserved, out_of_range };

struct ParsedSignal {
  SignalName result;
  int number;  // with ok
};

// "SIGSEGV", "SIGRTMIN+1", "SIGRTMAX-2".
ParsedSignal parse_signal(std::string_view name);

// The fixed names, in order of their numbers, for suggestions and the schema.
std::vector<std::string_view> signal_names();

constexpr int realtime_span = 30;  // SIGRTMAX - SIGRTMIN with glibc

}  // namespace config
