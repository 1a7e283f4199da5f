#include "syntax_words.h"

#include "text.h"

namespace config {

namespace {

struct Rule {
  Mark mark;
  std::string_view scope;   // "" = any
  std::string_view reason;  // how it begins; "" = any
  std::string_view message, help;
};

constexpr std::string_view eof = "encountered end-of-file";
constexpr std::string_view one_line = "write [name] and one key a line";
constexpr std::string_view quotes = "a text needs quotes; booleans are true and false";
constexpr std::string_view backslash = "for a backslash write \\\\, or use 'single quotes'";

// First match wins. {0} is what the reason quotes, or the word that is no value.
constexpr Rule rules[] = {
    {Mark::place, "", "expected '\\n' after '\\r'",
     "a carriage return stands without its line feed.", ""},

    {Mark::bracket, "array", "expected comma or closing",
     "a comma or `]` is missing in this array.", ""},
    {Mark::bracket, "array", eof, "`]` is missing: the file ends within an array.", ""},
    {Mark::place, "array", "expected value or closing", "a value is missing before this comma.",
     ""},

    {Mark::bracket, "inline table", "expected comma or closing",
     "a comma or `}` is missing in this inline table.", ""},
    {Mark::place, "inline table", "expected key-value pair, saw closing",
     "an inline table may not end with a comma.", ""},
    {Mark::place, "inline table", "expected key-value pair or",
     "a key is missing before this comma.", ""},
    {Mark::bracket, "inline table", "expected key or closing '}', saw '\\",
     "an inline table must be closed on its line.", one_line},
    {Mark::bracket, "inline table", eof, "`}` is missing: the file ends within an inline table.",
     ""},

    {Mark::place, "table header", "expected ']'", "`]` is missing after this table name.", ""},
    {Mark::place, "table header", eof, "`]` is missing after this table name.", ""},
    {Mark::place, "table header", "tables with blank", "a table needs a name.", ""},
    {Mark::word, "table header", "expected a comment or whitespace",
     "nothing may follow a table name on its line.", ""},
    {Mark::place, "table header", "cannot redefine existing", "`{0}` is defined already.",
     "put all its keys below one header"},
    {Mark::place, "table header", "cannot insert", "`{0}` is a value, so it cannot be a table too.",
     ""},

    {Mark::key, "", "cannot redefine existing", "`{0}` is set already.", "remove one of the two"},
    {Mark::place, "key-value pair", "expected '='", "`=` is missing after this key.", ""},
    {Mark::place, "key-value pair", "expected value", "the value is missing after `=`.", ""},
    {Mark::word, "key-value pair", "expected a comment or whitespace",
     "something follows the value; each key has a line of its own.", ""},
    {Mark::place, "key-value pair", eof, "the file ends within a key and its value.", ""},
    {Mark::place, "key", "multi-line strings", "a key may not be a multi-line string.", ""},
    {Mark::place, "key", "expected bare key", "a key, or a part of it, is missing here.", ""},
    {Mark::place, "key", eof, "the file ends within a key.", ""},
    {Mark::word, "root table", "", "a key or a [table] must stand here.",
     "keys hold letters, digits, `_` and `-`; others need quotes"},
    {Mark::place, "comment", "", "a comment holds a control character.", ""},

    {Mark::place, "", "escape sequence", "TOML 1.0 does not know the escape sequence `{0}`.",
     backslash},
    {Mark::place, "", "unknown escape sequence", "TOML does not know the escape sequence `{0}`.",
     backslash},
    {Mark::place, "unicode scalar sequence", "", "this escape sequence names no character.",
     "write \\u and 4, or \\U and 8 hexadecimal digits"},
    {Mark::place, "string", "line-ending backslashes",
     "only spaces may follow a backslash that ends a line.", ""},
    {Mark::string, "string", "unescaped control characters",
     "the string holds a control character.", "write it as \\u and 4 hexadecimal digits"},
    {Mark::string, "literal string", "control characters", "the string holds a control character.",
     "write it in a \"basic string\", as \\u and 4 hexadecimal digits"},
    {Mark::place, "string", eof, "the closing quote is missing: the file ends within a string.",
     ""},
    {Mark::place, "literal string", eof,
     "the closing quote is missing: the file ends within a string.", ""},

    {Mark::word, "", "leading zeroes", "a number may not begin with 0.", ""},
    {Mark::word, "", "underscores", "an underscore must stand between two digits.", ""},
    {Mark::place, "", "exceeded maximum nested value depth",
     "arrays and inline tables are nested too deep.", ""},
    {Mark::value, "value", "", "`{0}` is not a value.", quotes},
    {Mark::value, "boolean", "", "`{0}` is not a value.", quotes},
};

struct Noun {
  std::string_view scope, noun;
};

constexpr Noun nouns[] = {
    {"floating-point", "float"},         {"decimal integer", "integer"},
    {"hexadecimal integer", "integer"},  {"octal integer", "integer"},
    {"binary integer", "integer"},       {"hexadecimal floating-point", "float"},
    {"date-time offset", "time offset"}, {"date-time", "date and time"},
};

bool begins(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

// What stands between the first quote and the last one that can close it.
std::string_view first_quoted(std::string_view reason) {
  const size_t open = reason.find('\'');
  if (open == std::string_view::npos) return {};
  size_t close = reason.find("' as ", open + 1);
  if (close == std::string_view::npos) close = reason.rfind('\'');
  return close > open ? reason.substr(open + 1, close - open - 1) : std::string_view();
}

// With Mark::value the caller knows the word.
std::string filled(const Rule &rule, std::string_view reason) {
  std::string text(rule.message);
  const size_t hole = text.find("`{0}`");
  if (hole == std::string::npos || rule.mark == Mark::value) return text;
  const std::string_view name = first_quoted(reason);
  return text.replace(hole, 5, name.empty() ? "this" : quoted(name));
}

}  // namespace

SyntaxWords plain_words(std::string_view description) {
  constexpr std::string_view prefix = "Error while parsing ";
  std::string_view scope, reason = description;
  const size_t colon = description.find(": ");
  if (begins(description, prefix) && colon != std::string_view::npos) {
    scope = description.substr(prefix.size(), colon - prefix.size());
    reason = description.substr(colon + 2);
  }
  for (const Rule &rule : rules) {
    if ((!rule.scope.empty() && rule.scope != scope) || !begins(reason, rule.reason)) continue;
    return {filled(rule, reason), {}, std::string(rule.help), rule.mark};
  }
  // A number or a date: the parser's own words are plain enough.
  for (const Noun &noun : nouns) {
    if (scope == noun.scope) scope = noun.noun;
  }
  const std::string subject = scope.empty() ? "the file" : "this " + std::string(scope);
  return {subject + " is not valid TOML: " + printable(reason) + ".", {}, {}, Mark::word};
}

}  // namespace config
