// What libcoexist-config.so (Sources/ConfigReader) exports: it is opened only when there is a
// configuration file, fills struct coexist_config, and is closed again. The inspector links the
// same code. Not for signal handlers: it allocates.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <ccoexist/config.h>

#ifdef __cplusplus
extern "C" {
#endif

enum coexist_severity { COEXIST_SEVERITY_WARNING = 0, COEXIST_SEVERITY_ERROR = 1 };

// One mistake. Strings live until the sink returns. line and column count from 1; 0 = not known.
// Columns count Unicode scalar values; a byte order mark is none. They come in the file's order.
struct coexist_diagnostic {
  char code[8];           // "C002"
  uint32_t severity;      // enum coexist_severity
  uint32_t line, column;
  uint32_t length;        // of the underlined text, in bytes; at least 1
  const char *message;    // one sentence with its full stop
  const char *label;      // beside the caret: "did you mean `rule`?"; may be ""
  const char *help;       // "keys here are …"; may be ""
};
typedef void (*coexist_diagnostic_sink)(const struct coexist_diagnostic *, void *context);

// One key that was read, for `config show --origin`. value is TOML text. Keys come in
// the file's order, after all diagnostics; coexist_config_template() read gives every default.
struct coexist_setting {
  const char *key;        // "process.mode", "signals.rule[0].order"
  const char *value;
  uint32_t line, column;  // 0 = not from the file
};
typedef void (*coexist_setting_sink)(const struct coexist_setting *, void *context);

// Sets every default.
void coexist_config_defaults(struct coexist_config *config);

// Reads TOML text (size bytes, need not end in NUL) that came from the file named by source, over
// the defaults. A wrong key or value keeps its default and gives a diagnostic; a syntax error keeps
// all defaults. Returns the number of errors. Either sink may be NULL.
int coexist_config_read(const char *text, size_t size, const char *source,
                        struct coexist_config *config, coexist_diagnostic_sink diagnostics,
                        coexist_setting_sink settings, void *context);

// Applies COEXIST_OPTIONS ("signals.default:last-wins,log.level:debug") over config; columns of the
// diagnostics count in that string, lines are 0. Returns the number of errors.
int coexist_config_options(const char *options, struct coexist_config *config,
                           coexist_diagnostic_sink diagnostics, coexist_setting_sink settings,
                           void *context);

// The JSON Schema (draft-07) of the file, generated from the same table that the reader uses.
const char *coexist_config_schema(void);

// A commented file with every key at its default: what `config init` writes.
const char *coexist_config_template(void);

#ifdef __cplusplus
}
#endif
