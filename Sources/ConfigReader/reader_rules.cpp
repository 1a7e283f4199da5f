// What only shows when several keys are looked at together.
#include <algorithm>

#include "reader.h"
#include "signals.h"
#include "suggest.h"

namespace config {

namespace {

// The built-in runtimes, and who is none.
constexpr std::string_view catalogue[] = {
#define COEXIST_RUNTIME(id, ...) #id,
#include <catalogue/all.h>
#undef COEXIST_RUNTIME
    "app",
};

// "go#2" is the second Go library of the process: its runtime is "go".
std::string_view without_instance(std::string_view name) {
  const size_t mark = name.rfind('#');
  if (mark == std::string_view::npos || mark + 1 == name.size()) return name;
  const bool digits = name.find_first_not_of("0123456789", mark + 1) == std::string_view::npos;
  return digits ? name.substr(0, mark) : name;
}

// A library that no catalogue entry knows is a runtime by its SONAME.
bool is_library(std::string_view name) { return name.find(".so") != std::string_view::npos; }

}  // namespace

void Reader::begin_record(uint32_t index, const toml::node &element) {
  record_index_ = index;
  record_line_ = element.source().begin.line;
  name_at_ = record_at_ = header(element);
  record_signals_.clear();
  record_runtimes_.clear();
  record_libraries_.clear();
}

void Reader::remember(const Target &target, const Value &value, const std::vector<Value> &kept) {
  switch (target.key.kind) {
    case Kind::signals: record_signals_ = kept; break;
    case Kind::runtimes: record_runtimes_ = kept; break;
    case Kind::libraries: record_libraries_ = kept; break;
    case Kind::name:
      name_at_ = value.at;
      if (target.section.size != sizeof(coexist_definition)) break;  // a container names none
      if (std::find(defined_.begin(), defined_.end(), value.string) == defined_.end()) {
        defined_.emplace_back(value.string);
      }
      break;
    default: break;
  }
}

// Whether the record is accepted.
bool Reader::end_record(const Section &section, char *record, bool complete) {
  if (section.size == sizeof(coexist_tls_rule)) {
    reinterpret_cast<coexist_tls_rule *>(record)->line = record_line_;
    if (complete) check_tls_libraries();
    return complete;
  }
  if (!complete) return false;
  if (section.size == sizeof(coexist_definition)) {
    if (!can_be_recognised(section, *reinterpret_cast<coexist_definition *>(record))) return false;
    return define("runtime", reinterpret_cast<coexist_definition *>(record)->name, runtimes_named_);
  }
  if (section.size == sizeof(coexist_container_rule)) {
    const auto *rule = reinterpret_cast<coexist_container_rule *>(record);
    return define("container", rule->name, containers_named_);
  }
  reinterpret_cast<coexist_rule *>(record)->line = record_line_;
  for (const Value &signal : record_signals_) {
    signals_.push_back({record_index_, std::string(signal.string), signal.at});
  }
  for (const Value &runtime : record_runtimes_) {
    runtimes_.push_back({record_index_, std::string(runtime.string), runtime.at});
  }
  return true;
}

// Of a known runtime it is known which libraries are it.
bool Reader::can_be_recognised(const Section &section, const coexist_definition &definition) {
  if (definition.libraries_count != 0 || definition.symbols_count != 0 || *definition.note != 0 ||
      std::find(std::begin(catalogue), std::end(catalogue), std::string_view(definition.name)) !=
          std::end(catalogue)) {
    return true;
  }
  report_.error("C006", record_at_, "`libraries` is missing in this [[runtime]].", {},
                std::string("`libraries`: ") + find_key(section, "libraries")->doc);
  return false;
}

// A name stands for one record, and a library belongs to one.
bool Reader::define(const std::string &what, const char *name, Named &named) {
  const auto find = [](const std::vector<Definition> &all, std::string_view wanted) {
    return std::find_if(all.begin(), all.end(),
                        [&](const Definition &one) { return one.name == wanted; });
  };
  const auto first = find(named.names, name);
  if (first != named.names.end()) {
    report_.error("C031", name_at_, "the " + what + " " + quoted(name) + " is defined twice.",
                  "first at line " + std::to_string(first->at.line), "put its libraries together");
    return false;
  }
  named.names.push_back({name, name_at_});
  for (const Value &library : record_libraries_) {
    const auto other = find(named.libraries, library.string);
    if (other != named.libraries.end()) {
      report_.warning("C031", library.at,
                      "the library " + quoted(library.string) + " is given to two " + what + "s.",
                      "line " + std::to_string(other->at.line) + " has it already");
    } else {
      named.libraries.push_back({std::string(library.string), library.at});
    }
  }
  return true;
}

void Reader::check_tls_libraries() {
  for (const Value &library : record_libraries_) {
    const auto other =
        std::find_if(tls_libraries_.begin(), tls_libraries_.end(),
                     [&](const Definition &one) { return one.name == library.string; });
    if (other != tls_libraries_.end()) {
      report_.warning("C031", library.at,
                      "the library " + quoted(library.string) + " is in two [[tls]].",
                      "line " + std::to_string(other->at.line) + " comes first");
    } else {
      tls_libraries_.push_back({std::string(library.string), library.at});
    }
  }
}

void Reader::check_rules() {
  check_signals();
  check_runtimes();
}

void Reader::check_signals() {
  const Mention *first[COEXIST_SIGNALS_MAX] = {};
  for (const Mention &mention : signals_) {
    const Mention *&before = first[parse_signal(mention.name).number];
    if (before == nullptr) {
      before = &mention;
      continue;
    }
    const std::string line = std::to_string(config_.rules[before->rule].line);
    report_.error("C011", mention.at,
                  mention.name + " is in two rules (lines " + line + " and " +
                      std::to_string(config_.rules[mention.rule].line) +
                      "); the second can never match.",
                  "the rule of line " + line + " comes first");
  }
}

void Reader::check_runtimes() {
  std::vector<std::string_view> known(std::begin(catalogue), std::end(catalogue));
  known.insert(known.end(), defined_.begin(), defined_.end());
  for (const Mention &mention : runtimes_) {
    const std::string_view name = without_instance(mention.name);
    if (is_library(name) || std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string names;
    for (const std::string_view one : known) {
      names += (names.empty() ? "" : ", ") + std::string(one);
    }
    report_.error("C012", mention.at,
                  "the runtime " + quoted(mention.name) +
                      " is not known and no [[runtime]] defines it.",
                  did_you_mean(name, known),
                  "known: " + names + "; or add [[runtime]] name = " + toml_string(mention.name));
  }
}

}  // namespace config
