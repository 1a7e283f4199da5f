// What `coexist-inspect config init` writes.
#include <algorithm>
#include <cstring>

#include "documents.h"
#include "schema.h"
#include "text.h"

namespace config {

namespace {

std::string toml_default(const Key &key) {
  const bool bare = key.kind == Kind::version || key.kind == Kind::integer ||
                    key.kind == Kind::boolean;
  return bare ? key.initial : toml_string(key.initial);
}

std::string choices(const Key &key) {
  std::string text;
  for (const Choice &choice : key.choices) {
    text += (text.empty() ? "" : " | ") + toml_string(choice.name);
  }
  return text;
}

std::string range(const Key &key) {
  if (key.kind != Kind::integer) return {};
  return std::to_string(key.minimum) + " to " + std::to_string(key.maximum);
}

std::string allowed(const Key &key) {
  return key.choices.count != 0 ? choices(key) : range(key);
}

constexpr size_t comment_column = 32;

// The documentation above, the key, and what else it may be beside it.
std::string lines_of(const Section &section, const Key &key) {
  size_t width = 0;
  for (const Key &other : section.keys) width = std::max(width, std::strlen(other.name));
  std::string line = key.name;
  line.resize(width, ' ');
  line += " = " + toml_default(key);
  const std::string comment = allowed(key);
  if (!comment.empty()) {
    line.resize(std::max(line.size() + 2, comment_column), ' ');
    line += "# " + comment;
  }
  return "# " + std::string(key.doc) + "\n" + line + "\n";
}

std::string commented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const size_t line = text.find('\n') + 1;
    result += "# " + std::string(text.substr(0, line));
    text.remove_prefix(line);
  }
  return result;
}

std::string example_of(const Section &section) {
  std::string text = "# " + in_brackets(section.path, true) + ", up to " +
                     std::to_string(section.count_max) + ": " + section.doc + ".\n";
  for (const Key &key : section.keys) {
    text += "#   " + std::string(key.name) + (key.required ? " (required): " : ": ") + key.doc +
            "\n";
  }
  return text + "#\n" + commented(in_brackets(section.path, true) + "\n" + section.example);
}

}  // namespace

std::string commented_template() {
  std::string text =
      "#:schema ./coexist-config.schema.json\n"
      "# What coexist does; every key stands here with its default, so each may be left out.\n"
      "# Check it: coexist-inspect config check. In force: coexist-inspect config show --origin.\n"
      "# The schema for editors: coexist-inspect config schema > coexist-config.schema.json\n";
  for (const Section &section : sections()) {
    text += "\n";
    if (section.repeated()) {
      text += example_of(section);
      continue;
    }
    if (*section.path != 0) {
      text += "# " + std::string(section.doc) + "\n" + in_brackets(section.path, false) + "\n";
    }
    for (const Key &key : section.keys) {
      text += lines_of(section, key);
    }
  }
  return text;
}

}  // namespace config
