#include "value.h"

#include <charconv>
#include <cstring>

#include "suggest.h"

namespace config {

namespace {

Type wanted_type(const Key &key) {
  switch (key.kind) {
    case Kind::version:
    case Kind::integer: return Type::integer;
    case Kind::boolean: return Type::boolean;
    case Kind::signals:
    case Kind::runtimes:
    case Kind::libraries:
    case Kind::sonames:
    case Kind::symbols:
    case Kind::flags: return Type::array;
    default: return Type::string;
  }
}

// What to write instead, where it can be told.
std::string right_spelling(Type wanted, const Value &value) {
  const std::string source = printable(value.source);
  if (wanted == Type::array && value.type == Type::string) return "write `[" + source + "]`";
  if (wanted == Type::string && (value.type == Type::integer || value.type == Type::boolean)) {
    return "write `\"" + source + "\"`";
  }
  if (value.type != Type::string) return {};
  const std::string_view inner = value.string;
  const bool boolean = inner == "true" || inner == "false";
  const bool digits = !inner.empty() && inner.size() < 10 &&
                      inner.find_first_not_of("0123456789") == std::string_view::npos;
  if ((wanted == Type::boolean && boolean) || (wanted == Type::integer && digits)) {
    return "write `" + std::string(inner) + "`, without quotes";
  }
  return {};
}

std::vector<std::string_view> choice_names(const Key &key) {
  std::vector<std::string_view> names;
  for (const Choice &choice : key.choices) names.push_back(choice.name);
  return names;
}

void put(char *record, uint32_t field, uint32_t value) {
  std::memcpy(record + field, &value, sizeof value);
}

std::string store_choice(const Target &target, const Value &value, Report &report) {
  for (const Choice &choice : target.key.choices) {
    if (value.string == choice.name) {
      put(target.record, target.key.field, choice.value);
      return toml_string(value.string);
    }
  }
  const std::vector<std::string_view> names = choice_names(target.key);
  report.error("C003", value.at,
               "`" + target.path() + "` is \"" + printable(value.string) +
                   "\"; it must be one of " + list(names, '"') + ".",
               did_you_mean(value.string, names, '"'));
  return {};
}

std::string store_integer(const Target &target, const Value &value, Report &report) {
  const Key &key = target.key;
  if (value.integer < key.minimum || value.integer > key.maximum) {
    report.error("C007", value.at,
                 "`" + target.path() + "` is " + std::to_string(value.integer) +
                     "; it must be between " + std::to_string(key.minimum) + " and " +
                     std::to_string(key.maximum) + ".");
    return {};
  }
  put(target.record, key.field, static_cast<uint32_t>(value.integer));
  return std::to_string(value.integer);
}

std::string store_version(const Target &target, const Value &value, Report &report) {
  if (value.integer == version_read) return std::to_string(value.integer);
  report.error("C003", value.at,
               "`" + target.path() + "` is " + std::to_string(value.integer) + "; it must be " +
                   std::to_string(version_read) + ".");
  return {};
}

// The first % that stands before no known letter, or npos.
size_t wrong_placeholder(std::string_view path, std::string_view letters) {
  for (size_t i = 0; i < path.size(); i++) {
    if (path[i] != '%') continue;
    i++;
    if (i == path.size()) return i - 1;
    if (path[i] != '%' && letters.find(path[i]) == std::string_view::npos) return i - 1;
  }
  return std::string_view::npos;
}

std::string placeholder_list(std::string_view letters) {
  std::string result;
  for (const char letter : letters) result += std::string("`%") + letter + "`, ";
  return result + "and `%%` for a percent sign";
}

// What is wrong with the characters of a text; "" if nothing. Completes "`key` …".
std::string wrong_text(Kind kind, std::string_view text, const char *placeholders) {
  if (has_control(text)) return "holds a control character";
  if (text.empty() && kind != Kind::text) return "is empty";
  if (kind == Kind::path) {
    const size_t at = wrong_placeholder(text, placeholders);
    if (at == std::string_view::npos) return {};
    const std::string_view shown = text.substr(at, 1 + (at + 1 < text.size() ? 1 : 0));
    return "holds " + quoted(shown) + ", which stands for nothing";
  }
  if (kind == Kind::libraries && text.find('/') != std::string_view::npos) {
    return "holds a `/`, but a pattern is compared with a SONAME or a file name";
  }
  if (kind == Kind::sonames && text.find_first_of("/*?[") != std::string_view::npos) {
    return "is no SONAME: it holds a `/`, or is a pattern";
  }
  constexpr std::string_view name_characters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-";
  if (kind == Kind::name && text.find_first_not_of(name_characters) != std::string_view::npos) {
    return "may hold letters, digits and `.`, `_`, `+`, `-` only";
  }
  return {};
}

}  // namespace

std::string Target::path() const {
  return *section.path ? std::string(section.path) + "." + key.name : std::string(key.name);
}

bool has_type(const Target &target, const Value &value, Report &report) {
  const Type wanted = wanted_type(target.key);
  if (value.type == wanted) return true;
  const bool choice = target.key.kind == Kind::choice;
  // COEXIST_OPTIONS (line 0) knows no types: what it says is told instead.
  const std::string is = value.at.line == 0 ? quoted(value.source) : type_name(value.type);
  report.error("C005", value.at,
               "`" + target.path() + "` is " + is + "; it must be " +
                   (choice ? "one of " + list(choice_names(target.key), '"') : type_name(wanted)) +
                   ".",
               choice ? "" : right_spelling(wanted, value));
  return false;
}

bool store_text(const Key &key, const std::string &subject, const Value &value, char *field,
                Report &report) {
  const std::string_view text = value.string;
  if (text.size() >= key.capacity) {
    report.error("C007", value.at,
                 subject + " is " + std::to_string(text.size()) + " bytes long; at most " +
                     std::to_string(key.capacity - 1) + " are allowed.");
    return false;
  }
  const std::string wrong = wrong_text(key.kind, text, key.placeholders);
  if (!wrong.empty()) {
    report.error("C003", value.at, subject + " " + wrong + ".", {},
                 wrong.find('%') == std::string::npos
                     ? ""
                     : "known here: " + placeholder_list(key.placeholders));
    return false;
  }
  std::memset(field, 0, key.capacity);
  std::memcpy(field, text.data(), text.size());
  return true;
}

std::string store(const Target &target, const Value &value, Report &report) {
  if (!has_type(target, value, report)) return {};
  switch (target.key.kind) {
    case Kind::version: return store_version(target, value, report);
    case Kind::integer: return store_integer(target, value, report);
    case Kind::choice: return store_choice(target, value, report);
    case Kind::signal: return store_signal(target, value, report);
    case Kind::boolean:
      put(target.record, target.key.field, value.boolean);
      return value.boolean ? "true" : "false";
    case Kind::text:
    case Kind::path:
    case Kind::name:
    case Kind::symbol:
      return store_text(target.key, "`" + target.path() + "`", value,
                        target.record + target.key.field, report)
                 ? toml_string(value.string)
                 : std::string();
    default: {
      std::vector<Value> kept;
      return store_list(target, value, report, kept);
    }
  }
}

void store_initial(const Key &key, char *record) {
  if (*key.initial == 0 || key.kind == Kind::version) return;
  Report nobody;  // the table is right; a test reads every default
  const Section nowhere{"", "", {}};
  store({nowhere, key, record}, value_of_option(key, key.initial), nobody);
}

Value value_of_option(const Key &key, std::string_view text) {
  Value value;
  value.source = value.string = text;
  value.type = Type::string;
  if (wanted_type(key) == Type::boolean && (text == "true" || text == "false")) {
    value.type = Type::boolean;
    value.boolean = text == "true";
  } else if (wanted_type(key) == Type::integer) {
    const char *end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value.integer);
    if (read.ec == std::errc{} && read.ptr == end) value.type = Type::integer;
  }
  return value;
}

const char *type_name(Type type) {
  switch (type) {
    case Type::string: return "a string";
    case Type::integer: return "an integer";
    case Type::real: return "a float";
    case Type::boolean: return "a boolean";
    case Type::date: return "a date";
    case Type::time: return "a time";
    case Type::date_time: return "a date and time";
    case Type::array: return "an array";
    case Type::table: return "a table";
  }
  return "unknown";
}

}  // namespace config
