// What `coexist-inspect config schema` prints, for completion and checks in editors.
#include <ccoexist/catalogue_words.h>

#include "documents.h"
#include "schema.h"
#include "signals.h"

namespace config {

namespace {

std::string json_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;  // the table holds no control characters
  }
  return result + "\"";
}

std::string member(std::string_view name, const std::string &value) {
  return json_string(name) + ": " + value;
}

// The members of an object, one a line.
std::string object(const std::vector<std::string> &members, size_t depth) {
  const std::string indent(2 * depth, ' ');
  std::string text = "{";
  for (const std::string &one : members) {
    text += (text == "{" ? "\n" : ",\n") + indent + "  " + one;
  }
  return text + "\n" + indent + "}";
}

std::string array(const std::vector<std::string> &elements) {
  std::string text;
  for (const std::string &element : elements) text += (text.empty() ? "" : ", ") + element;
  return "[" + text + "]";
}

// also: another word that may stand there, with its "|".
std::string signal_pattern(const std::string &also) {
  const std::string offset = "(0?[0-9]|[12][0-9]|" + std::to_string(realtime_span) + ")";
  std::string names;
  for (const std::string_view name : signal_names()) names += std::string(name) + "|";
  const std::string realtime = "SIGRTMIN(\\+" + offset + ")?|SIGRTMAX(-" + offset + ")?";
  return json_string("^(" + also + names + realtime + ")$");
}

std::vector<std::string> choice_names(const Key &key) {
  std::vector<std::string> names;
  for (const Choice &choice : key.choices) names.push_back(json_string(choice.name));
  return names;
}

// Any character but those and the control characters.
std::string character(const std::string &but) { return "[^" + but + "\\x00-\\x1F\\x7F]"; }

std::string element_schema(const Key &key) {
  std::vector<std::string> members = {member("type", "\"string\"")};
  if (key.kind == Kind::flags) {
    members.push_back(member("enum", array(choice_names(key))));
  } else if (key.kind == Kind::signals) {
    members.push_back(member("pattern", signal_pattern("")));
  } else {
    members.push_back(member("minLength", "1"));
    members.push_back(member("maxLength", std::to_string(key.capacity - 1)));
    const char *also = key.kind == Kind::libraries ? "/"
                       : key.kind == Kind::sonames ? "/*?\\["
                                                   : "";
    members.push_back(member("pattern", json_string("^" + character(also) + "*$")));
  }
  return "{" + [&] {
    const std::string inner = array(members);
    return inner.substr(1, inner.size() - 2);
  }() + "}";
}

std::string text_pattern(const Key &key) {
  if (key.kind == Kind::name) return "^[A-Za-z0-9._+-]+$";
  if (key.kind == Kind::text || key.kind == Kind::symbol) return "^" + character("") + "*$";
  return "^(" + character("%") + "|%[%" + key.placeholders + "])*$";
}

void add_type(const Key &key, std::vector<std::string> &members) {
  switch (key.kind) {
    case Kind::version: members.push_back(member("const", std::to_string(key.minimum))); break;
    case Kind::integer:
      members.push_back(member("type", "\"integer\""));
      members.push_back(member("minimum", std::to_string(key.minimum)));
      members.push_back(member("maximum", std::to_string(key.maximum)));
      break;
    case Kind::boolean: members.push_back(member("type", "\"boolean\"")); break;
    case Kind::choice: members.push_back(member("enum", array(choice_names(key)))); break;
    case Kind::signal:
      members.push_back(member("type", "\"string\""));
      members.push_back(member("pattern", signal_pattern(COEXIST_FIRST_REALTIME_WORD "|")));
      break;
    case Kind::text:
    case Kind::path:
    case Kind::name:
    case Kind::symbol:
      members.push_back(member("type", "\"string\""));
      if (key.kind != Kind::text) members.push_back(member("minLength", "1"));
      members.push_back(member("maxLength", std::to_string(key.capacity - 1)));
      members.push_back(member("pattern", json_string(text_pattern(key))));
      break;
    default:
      members.push_back(member("type", "\"array\""));
      members.push_back(member("minItems", "1"));
      if (key.count_max != 0) members.push_back(member("maxItems", std::to_string(key.count_max)));
      members.push_back(member("uniqueItems", "true"));
      members.push_back(member("items", element_schema(key)));
  }
}

std::string key_schema(const Key &key, size_t depth) {
  std::vector<std::string> members = {member("description", json_string(key.doc))};
  add_type(key, members);
  if (*key.initial != 0) {
    const bool bare = key.kind == Kind::integer || key.kind == Kind::boolean ||
                      key.kind == Kind::version;
    members.push_back(member("default", bare ? key.initial : json_string(key.initial)));
  }
  return object(members, depth);
}

std::string section_schema(const Section &section, size_t depth);

std::string properties(const Section &section, size_t depth) {
  std::vector<std::string> members;
  for (const Key &key : section.keys) {
    members.push_back(member(key.name, key_schema(key, depth + 1)));
  }
  for (const Section &below : sections()) {
    if (*below.path == 0 || below.parent() != section.path) continue;
    members.push_back(member(below.name(), section_schema(below, depth + 1)));
  }
  if (*section.path == 0) {
    for (const Planned &later : planned_sections()) {
      const std::string doc = std::string("planned, ignored by this version: ") + later.doc;
      members.push_back(member(later.name, "{" + member("description", json_string(doc)) + "}"));
    }
  }
  return object(members, depth);
}

// The members that describe a table.
std::vector<std::string> table_members(const Section &section, size_t depth) {
  std::vector<std::string> required;
  for (const Key &key : section.keys) {
    if (key.required) required.push_back(json_string(key.name));
  }
  std::vector<std::string> members = {member("type", "\"object\""),
                                      member("additionalProperties", "false")};
  if (!required.empty()) members.push_back(member("required", array(required)));
  members.push_back(member("properties", properties(section, depth + 1)));
  return members;
}

std::string section_schema(const Section &section, size_t depth) {
  std::vector<std::string> members = {member("description", json_string(section.doc))};
  if (section.repeated()) {
    members.push_back(member("type", "\"array\""));
    members.push_back(member("maxItems", std::to_string(section.count_max)));
    members.push_back(member("items", object(table_members(section, depth + 1), depth + 1)));
  } else {
    const std::vector<std::string> table = table_members(section, depth);
    members.insert(members.end(), table.begin(), table.end());
  }
  return object(members, depth);
}

}  // namespace

std::string json_schema() {
  const Section &top = sections().first[0];
  std::vector<std::string> members = {
      member("$schema", "\"http://json-schema.org/draft-07/schema#\""),
      member("title", "\"coexist-config.toml\""), member("description", json_string(top.doc))};
  const std::vector<std::string> table = table_members(top, 0);
  members.insert(members.end(), table.begin(), table.end());
  return object(members, 0) + "\n";
}

}  // namespace config
