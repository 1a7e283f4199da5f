// The one description of the file. The reader, the JSON schema, the template and the suggestions
// all come from the table in schema.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <ccoexist/config.h>

namespace config {

constexpr size_t file_max = 64 * 1024;
constexpr int64_t version_read = 1;

template <typename Item>
struct List {
  const Item *first = nullptr;
  size_t count = 0;

  constexpr List() = default;
  template <size_t size>
  constexpr List(const Item (&items)[size]) : first(items), count(size) {}
  const Item *begin() const { return first; }
  const Item *end() const { return first + count; }
};

enum class Kind {
  version,    // of the format
  integer,    // uint32_t
  boolean,    // uint32_t
  choice,     // uint32_t, by name
  text,       // char array
  path,       // char array with % placeholders
  name,       // char array: a runtime's name
  signals,    // array of signal names -> bits of a uint64_t
  runtimes,   // array of runtime names -> array of char arrays
  libraries,  // array of shell patterns -> array of char arrays
  sonames,    // array of SONAMEs -> array of char arrays
  symbols,    // array of ELF symbols -> array of char arrays
  symbol,     // char array: an ELF symbol
  signal,     // uint32_t: the number of one signal, or the lowest real-time one
  flags,      // array of choices -> bits of a uint32_t
};

struct Choice {
  const char *name;
  uint32_t value;
};

struct Key {
  const char *name;
  Kind kind;
  const char *doc;          // one line
  const char *initial;      // the default as COEXIST_OPTIONS would write it; "" = none
  bool required = false;
  uint32_t field = 0;       // where in the record
  uint32_t capacity = 0;    // of a text or of each element of a list, with its NUL
  uint32_t count_field = 0; // where the number of elements goes
  uint32_t count_max = 0;
  int64_t minimum = 0, maximum = 0;
  List<Choice> choices = {};
  const char *placeholders = "";  // the letters that may follow % in a path
};

struct Section {
  const char *path;    // "signals.rule"; "" = top of the file
  const char *doc;
  List<Key> keys;
  // With count_max, [[path]]: each makes a record in the array at field.
  uint32_t field = 0, size = 0;
  uint32_t count_field = 0, count_max = 0;
  const char *example = "";  // of a repeated section, for the template

  bool repeated() const { return count_max != 0; }
  std::string_view name() const;    // last part of the path
  std::string_view parent() const;  // the path without it
};

// A section of a later version: known, and ignored.
struct Planned {
  const char *name;
  const char *doc;
  bool repeated;
};

List<Section> sections();
List<Planned> planned_sections();

const Key *find_key(const Section &section, std::string_view name);
const Section *find_section(std::string_view parent, std::string_view name);
const Planned *find_planned(const Section &parent, std::string_view name);

// "[process]", "[[signals.rule]]"
std::string in_brackets(std::string_view path, bool repeated);

// The names that may stand in a section: its keys, then the sections below it.
std::vector<std::string_view> names_in(const Section &section);

bool is_list(Kind kind);

}  // namespace config
