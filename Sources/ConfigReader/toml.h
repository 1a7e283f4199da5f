// toml++ as this library uses it: parser only, errors as values, no streams.
#pragma once

#define TOML_EXCEPTIONS 0
// Inline, so that what nobody calls (files, streams, locales) is not even compiled.
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
// Numbers by <charconv>: the other way goes through std::stringstream and a locale.
#define TOML_FLOAT_CHARCONV 1
#define TOML_INT_CHARCONV 1
// The format is three levels deep; the parser recurses once a level.
#define TOML_MAX_NESTED_VALUES 32

#include <toml++/toml.h>
