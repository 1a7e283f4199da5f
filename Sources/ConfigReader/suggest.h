// "did you mean": the nearest of some known words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace config {

// The known word nearest to what was written, "" if none is near.
std::string_view nearest(std::string_view written, const std::vector<std::string_view> &known);

// "did you mean `word`?" or ""; quote stands around the word.
std::string did_you_mean(std::string_view written, const std::vector<std::string_view> &known,
                         char quote = '`');

// "`a`, `b`, `c`"
std::string list(const std::vector<std::string_view> &words, char quote = '`');

}  // namespace config
