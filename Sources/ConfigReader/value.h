// One value, from the file or from COEXIST_OPTIONS, and its way into a field.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report.h"
#include "schema.h"
#include "text.h"

namespace config {

enum class Type { string, integer, real, boolean, date, time, date_time, array, table };

struct Value {
  Type type = Type::table;
  std::string_view string;  // with string
  int64_t integer = 0;
  bool boolean = false;
  std::vector<Value> elements;  // with array
  Position at;
  std::string_view source;  // as it was written
};

// The place that a value goes to.
struct Target {
  const Section &section;
  const Key &key;
  char *record;

  std::string path() const;  // "signals.rule.until"
};

// Checks the value and stores it. Returns its TOML text, "" if it was refused; then a diagnostic
// says why and the field is as before.
std::string store(const Target &target, const Value &value, Report &report);

// The same for a list; a wrong element is left out. kept gets the elements that were stored.
std::string store_list(const Target &target, const Value &value, Report &report,
                       std::vector<Value> &kept);

// One signal's number, or UINT32_MAX for COEXIST_FIRST_REALTIME_WORD; as store.
std::string store_signal(const Target &target, const Value &value, Report &report);

// The two checks that single values and elements of lists share.
bool has_type(const Target &target, const Value &value, Report &report);
// subject begins the sentences: "`log.file`", "the runtime name `x`".
bool store_text(const Key &key, const std::string &subject, const Value &value, char *field,
                Report &report);

// Stores the default of a key; "" is left as zero.
void store_initial(const Key &key, char *record);

// What COEXIST_OPTIONS wrote, read as the key's kind wants it.
Value value_of_option(const Key &key, std::string_view text);

// "a string", "an integer", …
const char *type_name(Type type);

}  // namespace config
