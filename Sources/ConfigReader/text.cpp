#include "text.h"

#include <algorithm>

namespace config {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr size_t shown_max = 64;

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

bool is_control(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F; }

std::string escape(char byte) {
  constexpr char digits[] = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  return {'\\', 'u', '0', '0', digits[value >> 4], digits[value & 15]};
}

// Length of the sequence that begins here, 0 if it is not one.
size_t sequence(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) -> unsigned char {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0;
  };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  // The second byte excludes overlong forms, surrogates and what lies past U+10FFFF.
  const unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < low || byte(1) > high) return 0;
  for (size_t i = 2; i < length; i++) {
    if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
  }
  return length;
}

}  // namespace

Source::Source(std::string_view text) : text_(text) {
  if (text_.substr(0, byte_order_mark.size()) == byte_order_mark) {
    text_.remove_prefix(byte_order_mark.size());
  }
  lines_.push_back(0);
  for (size_t i = 0; i < text_.size(); i++) {
    if (text_[i] == '\n') lines_.push_back(i + 1);
  }
}

size_t Source::offset(uint32_t line, uint32_t column) const {
  if (line == 0 || line > lines_.size()) return text_.size();
  size_t at = lines_[line - 1];
  for (uint32_t i = 1; i < column && at < text_.size() && text_[at] != '\n'; i++) {
    at++;
    while (at < text_.size() && is_continuation(text_[at])) at++;
  }
  return at;
}

Position Source::at(size_t offset, size_t length) const {
  offset = std::min(offset, text_.size());
  const auto after = std::upper_bound(lines_.begin(), lines_.end(), offset);
  const size_t line = static_cast<size_t>(after - lines_.begin());
  uint32_t column = 1;
  for (size_t i = lines_[line - 1]; i < offset; i++) column += !is_continuation(text_[i]);
  const size_t line_end = std::min(text_.find('\n', offset), text_.size());
  size_t end = std::min(offset + length, line_end);
  while (end > offset && (text_[end - 1] == ' ' || text_[end - 1] == '\t' ||
                          text_[end - 1] == '\r')) {
    end--;
  }
  return {static_cast<uint32_t>(line), column,
          static_cast<uint32_t>(std::max<size_t>(end - offset, 1))};
}

Position Source::range(uint32_t line, uint32_t column, uint32_t end_line,
                       uint32_t end_column) const {
  const size_t begin = offset(line, column), end = offset(end_line, end_column);
  return at(begin, end > begin ? end - begin : 1);
}

Position Source::word(size_t offset) const {
  constexpr std::string_view separators = " \t\r\n,[]{}=#";
  offset = std::min(offset, text_.size());
  const size_t before = offset == 0 ? std::string_view::npos
                                    : text_.find_last_of(separators, offset - 1);
  const size_t begin = before + 1;  // npos + 1 = 0
  const size_t end = std::min(text_.find_first_of(separators, offset), text_.size());
  return begin < end ? at(begin, end - begin) : at(offset, 1);
}

std::string_view Source::slice(const Position &position) const {
  return text_.substr(offset(position.line, position.column), position.length);
}

size_t invalid_utf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = sequence(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

std::string printable(std::string_view text) {
  std::string shown;
  for (size_t i = 0; i < text.size(); i++) {
    if (i >= shown_max && !is_continuation(text[i])) return shown + "…";
    if (is_control(text[i])) {
      shown += escape(text[i]);
    } else {
      shown += text[i];
    }
  }
  return shown;
}

std::string quoted(std::string_view text) { return "`" + printable(text) + "`"; }

std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char byte : text) {
    if (is_control(byte)) {
      result += escape(byte);
    } else {
      if (byte == '"' || byte == '\\') result += '\\';
      result += byte;
    }
  }
  return result + "\"";
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

}  // namespace config
