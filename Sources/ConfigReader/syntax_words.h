// toml++'s messages in plain sentences.
#pragma once

#include <string>
#include <string_view>

namespace config {

// What is underlined, and what the label can say of it.
enum class Mark {
  place,    // the character where the parser stopped
  word,     // the word around it
  bracket,  // the place; the label says which bracket is still open
  value,    // a word that is no value: {0} is the word
  key,      // the key whose value begins here
  string,   // the place: a line's end (the closing quote is missing) or a control character
};

struct SyntaxWords {
  std::string message, label, help;
  Mark mark = Mark::place;
};

// description: "Error while parsing array: expected comma or closing ']', saw 'u'".
SyntaxWords plain_words(std::string_view description);

}  // namespace config
