// Lists: signals of a rule, runtimes of a rule, libraries of a runtime; and what is one signal.
#include <algorithm>
#include <cstring>

#include <ccoexist/catalogue_words.h>

#include "signals.h"
#include "suggest.h"
#include "value.h"

namespace config {

namespace {

// Whether two elements say the same: SIGIOT is SIGABRT.
bool same(Kind kind, const Value &a, const Value &b) {
  if (kind != Kind::signals) return a.string == b.string;
  return parse_signal(a.string).number == parse_signal(b.string).number;
}

std::string suggested_signal(std::string_view name) {
  std::string upper;
  for (const char c : name.substr(0, 16)) {
    upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  for (const std::string &full : {upper, "SIG" + upper}) {
    if (parse_signal(full).result == SignalName::ok) return "did you mean `" + full + "`?";
  }
  return did_you_mean(name, signal_names());
}

bool check_signal(const Value &element, Report &report) {
  const std::string name = quoted(element.string);
  switch (parse_signal(element.string).result) {
    case SignalName::ok: return true;
    case SignalName::uncatchable:
      report.error("C020", element.at,
                   "SIGKILL and SIGSTOP cannot be caught, so they cannot be chained.");
      return false;
    case SignalName::reserved:
      report.error("C021", element.at,
                   "signals 32 and 33 belong to libc itself; no program can ask for them.");
      return false;
    case SignalName::out_of_range:
      report.error("C007", element.at,
                   name + " is no signal; real-time signals are SIGRTMIN to SIGRTMIN+" +
                       std::to_string(realtime_span) + ", which is SIGRTMAX.");
      return false;
    case SignalName::unknown: break;
  }
  report.error("C013", element.at, name + " is not the name of a signal.",
               suggested_signal(element.string),
               "names are SIGSEGV, SIGCHLD, …, SIGRTMIN+n and SIGRTMAX-n; see signal(7)");
  return false;
}

// Sets the bit of a flag; false if there is no such word.
bool store_flag(const Target &target, const Value &element, Report &report) {
  std::vector<std::string_view> names;
  for (const Choice &choice : target.key.choices) {
    names.push_back(choice.name);
    if (element.string != choice.name) continue;
    uint32_t bits;
    std::memcpy(&bits, target.record + target.key.field, sizeof bits);
    bits |= choice.value;
    std::memcpy(target.record + target.key.field, &bits, sizeof bits);
    return true;
  }
  report.error("C003", element.at,
               "an element of `" + target.path() + "` is \"" + printable(element.string) +
                   "\"; each must be one of " + list(names, '"') + ".",
               did_you_mean(element.string, names, '"'));
  return false;
}

// Stores one element at its place in the field; false if it was refused.
bool store_element(const Target &target, const Value &element, size_t index, Report &report) {
  const Key &key = target.key;
  if (key.kind == Kind::signals) {
    if (!check_signal(element, report)) return false;
    uint64_t bits;
    std::memcpy(&bits, target.record + key.field, sizeof bits);
    bits |= uint64_t{1} << (parse_signal(element.string).number - 1);
    std::memcpy(target.record + key.field, &bits, sizeof bits);
    return true;
  }
  if (key.kind == Kind::flags) return store_flag(target, element, report);
  const char *what = key.kind == Kind::runtimes  ? "the runtime name "
                     : key.kind == Kind::sonames ? "the SONAME "
                     : key.kind == Kind::symbols ? "the symbol "
                                                 : "the pattern ";
  if (element.string.empty()) {
    report.error("C003", element.at, "an element of `" + target.path() + "` is empty.");
    return false;
  }
  return store_text(key, what + quoted(element.string), element,
                    target.record + key.field + index * key.capacity, report);
}

bool check_element(const Target &target, const Value &element, const std::vector<Value> &kept,
                   Report &report) {
  if (element.type != Type::string) {
    report.error("C005", element.at,
                 "an element of `" + target.path() + "` is " + type_name(element.type) +
                     "; each must be a string.");
    return false;
  }
  const bool twice = std::any_of(kept.begin(), kept.end(), [&](const Value &other) {
    return same(target.key.kind, element, other);
  });
  if (twice) {
    report.warning("C031", element.at,
                   quoted(element.string) + " is twice in `" + target.path() + "`.",
                   "the first one counts");
  }
  return !twice;
}

std::string toml_list(const std::vector<Value> &elements) {
  std::string text;
  for (const Value &element : elements) {
    text += (text.empty() ? "" : ", ") + toml_string(element.string);
  }
  return "[" + text + "]";
}

}  // namespace

std::string store_signal(const Target &target, const Value &value, Report &report) {
  uint32_t number = UINT32_MAX;
  if (value.string != COEXIST_FIRST_REALTIME_WORD) {
    if (!check_signal(value, report)) return {};
    number = static_cast<uint32_t>(parse_signal(value.string).number);
  }
  std::memcpy(target.record + target.key.field, &number, sizeof number);
  return toml_string(value.string);
}

std::string store_list(const Target &target, const Value &value, Report &report,
                       std::vector<Value> &kept) {
  const Key &key = target.key;
  if (!has_type(target, value, report)) return {};
  if (value.elements.empty()) {
    report.error("C007", value.at,
                 "`" + target.path() + "` is empty; at least one element is needed.");
    return {};
  }
  for (const Value &element : value.elements) {
    if (key.count_max != 0 && kept.size() == key.count_max) {
      report.error("C010", element.at,
                   "`" + target.path() + "` has " + std::to_string(value.elements.size()) +
                       " elements; at most " + std::to_string(key.count_max) + " are allowed.",
                   "from here on they are ignored");
      break;
    }
    if (check_element(target, element, kept, report) &&
        store_element(target, element, kept.size(), report)) {
      kept.push_back(element);
    }
  }
  if (kept.empty()) return {};
  if (key.count_max != 0) {
    const auto count = static_cast<uint32_t>(kept.size());
    std::memcpy(target.record + key.count_field, &count, sizeof count);
  }
  return toml_list(kept);
}

}  // namespace config
