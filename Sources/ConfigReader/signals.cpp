#include "signals.h"

#include <charconv>
#include <csignal>

namespace config {

namespace {

// glibc keeps 32 and 33 for itself. SIGRTMIN is a call; these are its answers, the same on every
// machine that reads the file.
constexpr int realtime_min = 34, realtime_max = 64;
static_assert(realtime_max - realtime_min == realtime_span);

struct Name {
  std::string_view name;
  int number;
};

constexpr Name names[] = {
    {"SIGHUP", SIGHUP},       {"SIGINT", SIGINT},   {"SIGQUIT", SIGQUIT},
    {"SIGILL", SIGILL},       {"SIGTRAP", SIGTRAP}, {"SIGABRT", SIGABRT},
    {"SIGBUS", SIGBUS},       {"SIGFPE", SIGFPE},   {"SIGUSR1", SIGUSR1},
    {"SIGSEGV", SIGSEGV},     {"SIGUSR2", SIGUSR2}, {"SIGPIPE", SIGPIPE},
    {"SIGALRM", SIGALRM},     {"SIGTERM", SIGTERM}, {"SIGSTKFLT", SIGSTKFLT},
    {"SIGCHLD", SIGCHLD},     {"SIGCONT", SIGCONT}, {"SIGTSTP", SIGTSTP},
    {"SIGTTIN", SIGTTIN},     {"SIGTTOU", SIGTTOU}, {"SIGURG", SIGURG},
    {"SIGXCPU", SIGXCPU},     {"SIGXFSZ", SIGXFSZ}, {"SIGVTALRM", SIGVTALRM},
    {"SIGPROF", SIGPROF},     {"SIGWINCH", SIGWINCH}, {"SIGIO", SIGIO},
    {"SIGPWR", SIGPWR},       {"SIGSYS", SIGSYS},
    // second names
    {"SIGIOT", SIGABRT},      {"SIGCLD", SIGCHLD},  {"SIGPOLL", SIGIO},
};

// Names under which 32 and 33 are known.
constexpr std::string_view reserved_names[] = {"SIG32", "SIG33", "SIGCANCEL", "SIGTIMER",
                                               "SIGSETXID", "__SIGRTMIN"};

// "SIGRTMIN", "SIGRTMIN+3" with sign '+'.
bool parse_relative(std::string_view name, std::string_view base, char sign, int &offset) {
  if (name.substr(0, base.size()) != base) return false;
  name.remove_prefix(base.size());
  offset = 0;
  if (name.empty()) return true;
  if (name[0] != sign || name.size() < 2 || name.size() > 3) return false;
  const auto end = name.data() + name.size();
  if (name[1] < '0' || name[1] > '9') return false;
  const auto read = std::from_chars(name.data() + 1, end, offset);
  return read.ec == std::errc{} && read.ptr == end;
}

}  // namespace

ParsedSignal parse_signal(std::string_view name) {
  if (name == "SIGKILL" || name == "SIGSTOP") return {SignalName::uncatchable, 0};
  for (const Name &known : names) {
    if (name == known.name) return {SignalName::ok, known.number};
  }
  for (const std::string_view reserved : reserved_names) {
    if (name == reserved) return {SignalName::reserved, 0};
  }
  int offset = 0;
  int number = 0;
  if (parse_relative(name, "SIGRTMIN", '+', offset)) {
    number = realtime_min + offset;
  } else if (parse_relative(name, "SIGRTMIN", '-', offset)) {
    number = realtime_min - offset;
  } else if (parse_relative(name, "SIGRTMAX", '-', offset)) {
    number = realtime_max - offset;
  } else {
    return {SignalName::unknown, 0};
  }
  if (number == 32 || number == 33) return {SignalName::reserved, 0};
  if (number < realtime_min || number > realtime_max) return {SignalName::out_of_range, 0};
  return {SignalName::ok, number};
}

std::vector<std::string_view> signal_names() {
  std::vector<std::string_view> result;
  for (const Name &known : names) result.push_back(known.name);
  return result;
}

}  // namespace config
