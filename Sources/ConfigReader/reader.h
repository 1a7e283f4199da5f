// Walks the parsed file along the table of schema.h.
#pragma once

#include <string>
#include <vector>

#include "report.h"
#include "schema.h"
#include "text.h"
#include "toml.h"
#include "value.h"

namespace config {

class Reader {
 public:
  Reader(const Source &source, coexist_config &config, Report &report)
      : source_(source), config_(config), report_(report) {}

  // False if nothing of the file may be used.
  bool read(const toml::table &root);

 private:
  // A signal or a runtime that a rule names.
  struct Mention {
    uint32_t rule;
    std::string name;
    Position at;
  };
  // What the records of one kind, [[runtime]] or [[container]], name.
  struct Definition {
    std::string name;
    Position at;
  };
  struct Named {
    std::vector<Definition> names, libraries;
  };

  Position position(const toml::source_region &region) const;
  Position header(const toml::node &table) const;
  Value value(const toml::node &node, bool with_elements) const;

  bool read_section(const Section &section, const toml::table &table, char *record,
                    const std::string &prefix);
  bool read_key(const Target &target, const toml::node &node, Position at,
                const std::string &prefix);
  void read_below(const Section &section, const toml::node &node);
  bool read_record(const Section &section, const toml::node &element);
  void unknown_key(const Section &section, const toml::key &name);

  // reader_rules.cpp: what only shows when several keys are looked at together.
  void begin_record(uint32_t index, const toml::node &element);
  void remember(const Target &target, const Value &value, const std::vector<Value> &kept);
  bool end_record(const Section &section, char *record, bool complete);
  bool can_be_recognised(const Section &section, const coexist_definition &definition);
  bool define(const std::string &what, const char *name, Named &named);
  void check_tls_libraries();
  void check_rules();
  void check_signals();
  void check_runtimes();

  const Source &source_;
  coexist_config &config_;
  Report &report_;

  uint32_t record_index_ = 0;
  uint32_t record_line_ = 0;
  Position name_at_, record_at_;
  std::vector<Value> record_signals_, record_runtimes_, record_libraries_;
  std::vector<Mention> signals_, runtimes_;
  std::vector<std::string> defined_;  // also by a [[runtime]] that has another mistake
  Named runtimes_named_, containers_named_;
  std::vector<Definition> tls_libraries_;
};

}  // namespace config
