// The text of the file: positions, and how pieces of it are shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace config {

// Lines and columns count from 1, columns in Unicode scalar values; length is in bytes.
struct Position {
  uint32_t line = 0, column = 0, length = 1;
};

class Source {
 public:
  // A byte order mark at the start belongs to no column.
  explicit Source(std::string_view text);

  std::string_view text() const { return text_; }
  size_t offset(uint32_t line, uint32_t column) const;
  Position at(size_t offset, size_t length) const;
  // From one place up to another, cut at the end of the first line.
  Position range(uint32_t line, uint32_t column, uint32_t end_line, uint32_t end_column) const;
  // The word (between spaces, commas, brackets and equals signs) around an offset.
  Position word(size_t offset) const;
  std::string_view slice(const Position &position) const;

 private:
  std::string_view text_;
  std::vector<size_t> lines_;  // where each begins
};

// Offset of the first byte that is not UTF-8, or npos.
size_t invalid_utf8(std::string_view text);

// For messages: control characters as \u00XX, and at most 64 bytes of it.
std::string printable(std::string_view text);

// "`text`", printable.
std::string quoted(std::string_view text);

// A TOML basic string, quotes and escapes included.
std::string toml_string(std::string_view text);

// Whether it holds a control character, which no name, path or reason may.
bool has_control(std::string_view text);

}  // namespace config
