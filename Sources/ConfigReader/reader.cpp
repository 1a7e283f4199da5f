// coexist_config_read: from the text of a file to the settings.
#include <cstring>

#include "reader.h"
#include "suggest.h"
#include "syntax.h"

namespace config {

namespace {

Type type_of(const toml::node &node) {
  switch (node.type()) {
    case toml::node_type::string: return Type::string;
    case toml::node_type::integer: return Type::integer;
    case toml::node_type::floating_point: return Type::real;
    case toml::node_type::boolean: return Type::boolean;
    case toml::node_type::date: return Type::date;
    case toml::node_type::time: return Type::time;
    case toml::node_type::date_time: return Type::date_time;
    case toml::node_type::array: return Type::array;
    default: return Type::table;
  }
}

// A key that stands in the wrong section.
std::string elsewhere(std::string_view name) {
  for (const Section &section : sections()) {
    if (find_key(section, name) == nullptr) continue;
    if (*section.path == 0) return "it belongs at the top of the file";
    return "it belongs in " + in_brackets(section.path, section.repeated());
  }
  return {};
}

}  // namespace

Position Reader::position(const toml::source_region &region) const {
  return source_.range(region.begin.line, region.begin.column, region.end.line, region.end.column);
}

// The region of a [table] ends with its last key; only its first line is meant.
Position Reader::header(const toml::node &table) const {
  if (table.is_table() && table.as_table()->is_inline()) return position(table.source());
  const toml::source_position begin = table.source().begin;
  const Position line = source_.range(begin.line, begin.column, begin.line, UINT32_MAX);
  const std::string_view text = source_.slice(line);
  const size_t close = text.rfind(']', text.find('#'));
  const size_t length = close == std::string_view::npos ? text.size() : close + 1;
  return source_.at(source_.offset(begin.line, begin.column), length);
}

Value Reader::value(const toml::node &node, bool with_elements) const {
  Value value;
  value.type = type_of(node);
  value.at = value.type == Type::table ? header(node) : position(node.source());
  value.source = source_.slice(value.at);
  if (const auto *string = node.as_string()) value.string = string->get();
  if (const auto *integer = node.as_integer()) value.integer = integer->get();
  if (const auto *boolean = node.as_boolean()) value.boolean = boolean->get();
  if (const auto *array = node.as_array(); array != nullptr && with_elements) {
    for (const toml::node &element : *array) value.elements.push_back(this->value(element, false));
  }
  return value;
}

bool Reader::read(const toml::table &root) {
  const toml::node *version = root.get("version");
  if (version != nullptr && version->is_integer() && version->as_integer()->get() > version_read) {
    const std::string written = std::to_string(version->as_integer()->get());
    const std::string ours = std::to_string(version_read);
    report_.error("C030", position(version->source()),
                  "version = " + written + ", but this coexist reads version " + ours + ".", {},
                  "upgrade coexist, or write the file for version " + ours);
    return false;
  }
  read_section(sections().first[0], root, reinterpret_cast<char *>(&config_), {});
  check_rules();
  return true;
}

bool Reader::read_section(const Section &section, const toml::table &table, char *record,
                          const std::string &prefix) {
  bool complete = true;
  for (const Key &key : section.keys) {
    if (!key.required || table.contains(key.name)) continue;
    complete = false;
    const bool top = *section.path == 0;
    report_.error("C006", top ? Position{1, 1, 1} : header(table),
                  "`" + std::string(key.name) + "` is missing" +
                      (top ? "." : " in this " + in_brackets(section.path, true) + "."),
                  {},
                  top ? "add version = 1 as the first line"
                      : "`" + std::string(key.name) + "`: " + key.doc);
  }
  for (auto &&[name, node] : table) {
    if (const Key *key = find_key(section, name.str())) {
      const bool stored = read_key({section, *key, record}, node, position(name.source()), prefix);
      complete &= stored || !key->required;
    } else if (const Section *below = find_section(section.path, name.str())) {
      read_below(*below, node);
    } else if (const Planned *later = find_planned(section, name.str())) {
      report_.warning("C042", position(name.source()),
                      in_brackets(later->name, later->repeated) +
                          " is planned; this version ignores it.");
    } else {
      unknown_key(section, name);
    }
  }
  return complete;
}

void Reader::unknown_key(const Section &section, const toml::key &name) {
  const std::vector<std::string_view> known = names_in(section);
  const std::string label = did_you_mean(name.str(), known);
  report_.error("C002", position(name.source()),
                "unknown key " + quoted(name.str()) + " " +
                    (*section.path == 0 ? "at the top of the file"
                                    : "in " + in_brackets(section.path, section.repeated())) +
                    ".",
                label.empty() ? elsewhere(name.str()) : label, "keys here are " + list(known));
}

bool Reader::read_key(const Target &target, const toml::node &node, Position at,
                      const std::string &prefix) {
  const Value value = this->value(node, is_list(target.key.kind));
  std::vector<Value> kept;
  const std::string text = is_list(target.key.kind) ? store_list(target, value, report_, kept)
                                                    : store(target, value, report_);
  if (text.empty()) return false;
  report_.setting(prefix + target.key.name, text, at);
  remember(target, value, kept);
  return true;
}

void Reader::read_below(const Section &section, const toml::node &node) {
  const std::string path = section.path;
  if (!section.repeated()) {
    if (const auto *table = node.as_table()) {
      read_section(section, *table, reinterpret_cast<char *>(&config_), path + ".");
      return;
    }
    report_.error("C005", value(node, false).at,
                  "`" + path + "` is " + type_name(type_of(node)) + "; it must be a table.",
                  "write " + in_brackets(path, false));
    return;
  }
  const auto *array = node.as_array();
  if (array == nullptr) {
    report_.error("C005", value(node, false).at,
                  "`" + path + "` is " + type_name(type_of(node)) +
                      "; it must be an array of tables.",
                  "write " + in_brackets(path, true));
    return;
  }
  for (const toml::node &element : *array) {
    if (!read_record(section, element)) return;
  }
}

// False if no more records fit.
bool Reader::read_record(const Section &section, const toml::node &element) {
  const auto *table = element.as_table();
  if (table == nullptr) {
    report_.error("C005", value(element, false).at,
                  "an element of `" + std::string(section.path) + "` is " +
                      type_name(type_of(element)) + "; each must be a table.");
    return true;
  }
  char *config = reinterpret_cast<char *>(&config_);
  uint32_t count;
  std::memcpy(&count, config + section.count_field, sizeof count);
  if (count == section.count_max) {
    report_.error("C010", header(element),
                  "there are more than " + std::to_string(section.count_max) + " " +
                      in_brackets(section.path, true) + ".",
                  "from here on they are ignored");
    return false;
  }
  char *record = config + section.field + size_t{count} * section.size;
  for (const Key &key : section.keys) store_initial(key, record);
  const size_t settings = report_.settings_count();
  begin_record(count, element);
  const std::string prefix = std::string(section.path) + "[" + std::to_string(count) + "].";
  const bool complete = read_section(section, *table, record, prefix);
  if (!end_record(section, record, complete)) {
    std::memset(record, 0, section.size);
    report_.forget_settings(settings);
    return true;
  }
  count++;
  std::memcpy(config + section.count_field, &count, sizeof count);
  return true;
}

}  // namespace config
