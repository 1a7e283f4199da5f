// The shapes of a key, for the table in schema.cpp.
#pragma once

#include "schema.h"

namespace config {

constexpr Key choice(const char *name, size_t field, List<Choice> choices, const char *initial,
                     const char *doc) {
  Key key{name, Kind::choice, doc, initial};
  key.field = static_cast<uint32_t>(field);
  key.choices = choices;
  return key;
}

constexpr Key text(const char *name, Kind kind, size_t field, size_t capacity, const char *initial,
                   const char *doc, const char *placeholders = "") {
  Key key{name, kind, doc, initial};
  key.field = static_cast<uint32_t>(field);
  key.capacity = static_cast<uint32_t>(capacity);
  key.placeholders = placeholders;
  return key;
}

constexpr Key integer(const char *name, size_t field, int64_t minimum, int64_t maximum,
                      const char *initial, const char *doc) {
  Key key{name, Kind::integer, doc, initial};
  key.field = static_cast<uint32_t>(field);
  key.minimum = minimum;
  key.maximum = maximum;
  return key;
}

constexpr Key boolean(const char *name, size_t field, const char *initial, const char *doc) {
  Key key{name, Kind::boolean, doc, initial};
  key.field = static_cast<uint32_t>(field);
  return key;
}

constexpr Key list(const char *name, Kind kind, size_t field, size_t capacity, size_t count_field,
                   size_t count_max, const char *doc) {
  Key key{name, kind, doc, ""};
  key.field = static_cast<uint32_t>(field);
  key.capacity = static_cast<uint32_t>(capacity);
  key.count_field = static_cast<uint32_t>(count_field);
  key.count_max = static_cast<uint32_t>(count_max);
  return key;
}

// Of choices; each is a bit.
constexpr Key flags(const char *name, size_t field, List<Choice> choices, const char *doc) {
  Key key{name, Kind::flags, doc, ""};
  key.field = static_cast<uint32_t>(field);
  key.choices = choices;
  return key;
}

constexpr Key signal(const char *name, size_t field, const char *doc) {
  Key key{name, Kind::signal, doc, ""};
  key.field = static_cast<uint32_t>(field);
  return key;
}

constexpr Key required(Key key) {
  key.required = true;
  return key;
}

}  // namespace config
