#include "syntax.h"

#include <algorithm>

#include "suggest.h"
#include "syntax_words.h"

namespace config {

namespace {

constexpr size_t key_parts_max = 32;

// Length of the string or comment that begins at an offset; 0 if none does.
size_t skipped(std::string_view text, size_t at) {
  const char quote = text[at];
  if (quote == '#') return std::min(text.find('\n', at), text.size()) - at;
  if (quote != '"' && quote != '\'') return 0;
  const bool multi_line = text.substr(at, 3) == std::string(3, quote);
  size_t i = at + (multi_line ? 3 : 1);
  for (; i < text.size(); i++) {
    if (text[i] == '\\' && quote == '"') {
      i++;
    } else if (!multi_line && (text[i] == quote || text[i] == '\n')) {
      return i + 1 - at;
    } else if (multi_line && text.substr(i, 3) == std::string(3, quote)) {
      i += 3;
      // Up to two more quotes belong to the string: """a""""".
      for (int extra = 0; extra < 2 && i < text.size() && text[i] == quote; extra++) i++;
      return i - at;
    }
  }
  return text.size() - at;
}

// Calls visit with the offset of each character outside strings and comments, until it says stop.
template <typename Visit>
void each_plain(std::string_view text, Visit visit) {
  for (size_t at = 0; at < text.size();) {
    const size_t skip = skipped(text, at);
    if (skip == 0 && !visit(at)) return;
    at += skip == 0 ? 1 : skip;
  }
}

// Where the array or inline table begins that is open at the end of the text; npos = none.
size_t open_bracket(std::string_view text) {
  std::vector<size_t> open;
  each_plain(text, [&](size_t at) {
    if (text[at] == '[' || text[at] == '{') open.push_back(at);
    if ((text[at] == ']' || text[at] == '}') && !open.empty()) open.pop_back();
    return true;
  });
  return open.empty() ? std::string_view::npos : open.back();
}

size_t too_deep_key(std::string_view text) {
  size_t dots = 0, found = std::string_view::npos;
  each_plain(text, [&](size_t at) {
    constexpr std::string_view ends = "=,\n[]{}";
    if (text[at] == '.') dots++;
    if (ends.find(text[at]) != std::string_view::npos) dots = 0;
    if (dots >= key_parts_max) found = at;
    return found == std::string_view::npos;
  });
  return found;
}

std::string open_label(const Source &source, size_t end) {
  const std::string_view before = source.text().substr(0, end);
  const size_t bracket = open_bracket(before);
  if (bracket == std::string_view::npos) return {};
  const Position begin = source.at(bracket, 1);
  return std::string(before[bracket] == '[' ? "the array" : "the inline table") +
         " that begins at " + std::to_string(begin.line) + ":" + std::to_string(begin.column) +
         " is still open";
}

// Where the key stands whose value begins at an offset; the offset itself if none does.
size_t key_before(std::string_view text, size_t offset) {
  const auto back = [&](size_t from) { return text.find_last_not_of(" \t", from); };
  if (offset == 0) return offset;
  const size_t equals = back(offset - 1);
  if (equals == std::string_view::npos || equals == 0 || text[equals] != '=') return offset;
  const size_t key = back(equals - 1);
  return key == std::string_view::npos ? offset : key;
}

bool ends_line(std::string_view text, size_t offset) {
  return offset >= text.size() || text[offset] == '\n' || text[offset] == '\r';
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

// For a word that stands where a value must.
std::string value_label(std::string_view word) {
  const std::vector<std::string_view> booleans = {"true", "false"};
  const std::string suggestion = did_you_mean(word, booleans);
  const bool plain = !word.empty() && !has_control(word) && is_ascii(word) &&
                     word.find_first_of("\"'\\") == std::string_view::npos;
  if (!suggestion.empty() || !plain) return suggestion;
  return "write `\"" + printable(word) + "\"`";
}

}  // namespace

bool is_parsable(const Source &source, Report &report) {
  const std::string_view text = source.text();
  const std::string_view mark = text.substr(0, 2);
  if (mark == "\xFF\xFE" || mark == "\xFE\xFF") {
    report.error("C004", source.at(0, 2), "the file is UTF-16, but TOML is UTF-8.", {},
                 "save it as UTF-8");
    return false;
  }
  const size_t nul = text.find('\0');
  const size_t invalid = invalid_utf8(text);
  if (invalid < nul) {
    report.error("C004", source.at(invalid, 1), "this byte is not UTF-8.", {},
                 "save the file as UTF-8");
    return false;
  }
  if (nul != std::string_view::npos) {
    report.error("C004", source.at(nul, 1), "the file holds a NUL byte, so it is not text.");
    return false;
  }
  const size_t deep = too_deep_key(text);
  if (deep != std::string_view::npos) {
    report.error("C004", source.at(deep, 1),
                 "this key has more than " + std::to_string(key_parts_max) + " parts.");
    return false;
  }
  return true;
}

void report_syntax_error(const Source &source, const toml::parse_error &error, Report &report) {
  const toml::source_position begin = error.source().begin;
  const size_t offset = source.offset(begin.line, begin.column);
  SyntaxWords words = plain_words(error.description());
  Position at = source.at(offset, 1);
  switch (words.mark) {
    case Mark::place: break;
    case Mark::word: at = source.word(offset); break;
    case Mark::bracket: words.label = open_label(source, offset); break;
    case Mark::key: at = source.word(key_before(source.text(), offset)); break;
    case Mark::string:
      if (!ends_line(source.text(), offset)) break;
      words.message = "the string is not closed on its line.";
      words.label = "the closing quote is missing";
      words.help = "a text of several lines stands between three quotes";
      break;
    case Mark::value: {
      at = source.word(offset);
      const std::string_view word = source.slice(at);
      words.message.replace(words.message.find("`{0}`"), 5, quoted(word));
      words.label = value_label(word);
    }
  }
  if (words.mark != Mark::place && !is_ascii(source.slice(at))) {
    words.label = "only strings and comments may hold this character";
  }
  report.error("C004", at, words.message, words.label, words.help);
}

}  // namespace config
