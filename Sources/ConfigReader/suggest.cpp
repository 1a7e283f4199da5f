#include "suggest.h"

#include <algorithm>

namespace config {

namespace {

constexpr size_t longest = 64;  // beyond it nothing known is near

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Edits from a to b, case apart: insertion, deletion, replacement, exchange of two neighbours.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); j++) row[j] = j;
  for (size_t i = 1; i <= a.size(); i++) {
    before.swap(last);
    last.swap(row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); j++) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + !same});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view written, const std::vector<std::string_view> &known) {
  std::string_view best;
  if (written.empty() || written.size() > longest) return best;
  size_t best_distance = written.size() < 2 ? 1 : std::max<size_t>(written.size() / 3, 1) + 1;
  for (const std::string_view word : known) {
    const size_t edits = distance(written, word);
    // A suggestion that shares nothing with what was written helps nobody.
    if (edits < best_distance && edits < word.size()) {
      best = word;
      best_distance = edits;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view written, const std::vector<std::string_view> &known,
                         char quote) {
  const std::string_view word = nearest(written, known);
  if (word.empty()) return {};
  return std::string("did you mean ") + quote + std::string(word) + quote + "?";
}

std::string list(const std::vector<std::string_view> &words, char quote) {
  std::string result;
  for (const std::string_view word : words) {
    if (!result.empty()) result += ", ";
    result += quote + std::string(word) + quote;
  }
  return result;
}

}  // namespace config
