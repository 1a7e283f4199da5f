// The configuration in the form that the library uses: fixed size, no pointers.
// Filled from coexist-config.toml by libcoexist-config.so (Sources/ConfigReader), then from
// COEXIST_OPTIONS; every default equals what happens without a file.
#pragma once

#include <stdint.h>
#include <ccoexist/state.h>

enum {
  COEXIST_RULES_MAX = 32,
  COEXIST_RULE_ORDER_MAX = 16,
  COEXIST_DEFINITIONS_MAX = 16,
  COEXIST_DEFINITION_LIBRARIES_MAX = 16,
  COEXIST_PATTERNS_MAX = 8,  // of libraries, in the other tables
  COEXIST_DEFINITION_SYMBOLS_MAX = 3,
  COEXIST_DEFINITION_BUNDLED_MAX = 8,
  COEXIST_TLS_RULES_MAX = 32,
  COEXIST_TLS_VARIABLES_MAX = 32,
  COEXIST_NAME_MAX = 32,
  COEXIST_SYMBOL_MAX = 96,
  COEXIST_CONTAINER_RULES_MAX = 16,
};

enum coexist_until {
  COEXIST_UNTIL_HANDLED = 0,  // stop at the first runtime that claims
  COEXIST_UNTIL_ALL = 1,      // each is called
};

enum coexist_log_level {
  COEXIST_LOG_OFF = 0,
  COEXIST_LOG_ERROR = 1,
  COEXIST_LOG_WARN = 2,
  COEXIST_LOG_INFO = 3,
  COEXIST_LOG_DEBUG = 4,
};

enum coexist_log_format {
  COEXIST_LOG_TEXT = 0,
  COEXIST_LOG_JSON = 1,  // one object a line
};

// [[signals.rule]]: first match wins, top to bottom.
struct coexist_rule {
  uint64_t signals;  // bit n-1 = signal n
  uint32_t until;    // enum coexist_until
  uint32_t line;     // of the rule in the file
  uint32_t order_count;
  char order[COEXIST_RULE_ORDER_MAX][COEXIST_NAME_MAX];  // runtime names, first is asked first
  char reason[128];
};

// [[runtime]]: what the catalogue's entries say (catalogue.h, where each field is explained). 0 and
// "" are "not given"; then a built-in entry of that name says, if there is one.
struct coexist_definition {
  char name[COEXIST_NAME_MAX];
  char title[64];
  uint32_t libraries_count, symbols_count, bundled_count, variables_count;
  char libraries[COEXIST_DEFINITION_LIBRARIES_MAX][64];
  char symbols[COEXIST_DEFINITION_SYMBOLS_MAX][COEXIST_SYMBOL_MAX];
  char bundled[COEXIST_DEFINITION_BUNDLED_MAX][64];
  char variables[COEXIST_TLS_VARIABLES_MAX][COEXIST_SYMBOL_MAX];  // SYMBOL or SYMBOL:BYTES
  char note[32];
  uint64_t signals, private_signals;
  uint32_t suspend_signal;            // COEXIST_SUSPEND_FIRST_REALTIME as it is
  uint32_t claims, passes, previous;  // the enum's value + 1
  uint32_t flags, loader, steady_threads, tls;
  char stack[64], source[256];
  char restart[COEXIST_SYMBOL_MAX], share[COEXIST_SYMBOL_MAX];
  char attach[COEXIST_SYMBOL_MAX], attach_argument[COEXIST_SYMBOL_MAX];
};

// [[container]]: a dlopen of a library that matches is answered from a container of its own.
struct coexist_container_rule {
  char name[COEXIST_NAME_MAX];
  uint32_t libraries_count;
  uint32_t isolation;      // enum coexist_container_isolation_level
  uint32_t copies;         // COEXIST_CONTAINER_COPIES
  uint32_t lazy;           // COEXIST_CONTAINER_LAZY
  uint32_t share_count;
  uint32_t close_timeout_ms;
  char libraries[COEXIST_PATTERNS_MAX][64];  // shell patterns on the file's name
  char share[COEXIST_PATTERNS_MAX][64];      // SONAMEs, besides libc's family
};

// [[tls]]: what happens to the thread-local state of the libraries that match; first match wins.
struct coexist_tls_rule {
  uint32_t policy;           // enum coexist_tls_policy
  uint32_t line;             // of the rule in the file
  uint32_t libraries_count;
  char libraries[COEXIST_PATTERNS_MAX][64];
  uint32_t variables_count;
  // Symbols: what policy copy exchanges; none = all.
  char variables[COEXIST_TLS_VARIABLES_MAX][COEXIST_SYMBOL_MAX];
};

struct coexist_config {
  uint32_t mode;             // enum coexist_mode; process.mode
  uint32_t children_strip;   // process.children = "strip"
  uint32_t abort_on_error;   // process.on_error = "abort"
  uint32_t log_level;        // enum coexist_log_level; log.level
  uint32_t publish;          // state.publish
  uint32_t last_wins;        // signals.default = "last-wins"
  uint32_t altstack_min_kib; // signals.altstack_min_kib
  uint32_t rules_count;
  uint32_t definitions_count;
  uint32_t keys;             // keys that the file set
  uint32_t problems;         // diagnostics that it gave
  uint32_t tls_rules_count;
  char log_file[256];        // log.file; "stderr" or a path with %p %e %t
  char state_path[256];      // state.path; with %r %p
  char source[256];          // the file that was read; "" = none
  struct coexist_rule rules[COEXIST_RULES_MAX];
  struct coexist_definition definitions[COEXIST_DEFINITIONS_MAX];
  uint32_t containers_count;
  struct coexist_container_rule containers[COEXIST_CONTAINER_RULES_MAX];
  struct coexist_tls_rule tls_rules[COEXIST_TLS_RULES_MAX];
  uint32_t log_format;       // enum coexist_log_format; log.format
};
