// Initial-exec variables that belong to the task, as the configuration writes them.
#include <ccoexist/tls.h>

#include <ccoexist/config.h>
#include <ccoexist/elf.h>
#include <ccoexist/tables.h>

void coexist_manifest_read(const char (*given)[COEXIST_SYMBOL_MAX], uint32_t count,
                           struct coexist_manifest_entry *entries,
                           char (*symbols)[COEXIST_SYMBOL_MAX]) {
  for (uint32_t n = 0; n < count; n++) {
    // SYMBOL, or SYMBOL:BYTES for the beginning of it.
    uint32_t size = 0, at = 0;
    const char *text = given[n];
    for (; at < COEXIST_SYMBOL_MAX - 1 && text[at] != 0 && text[at] != ':'; at++)
      symbols[n][at] = text[at];
    symbols[n][at] = 0;
    for (text += at + (text[at] == ':'); *text >= '0' && *text <= '9'; text++)
      size = size * 10 + (uint32_t)(*text - '0');
    entries[n] = (struct coexist_manifest_entry){symbols[n], size};
  }
  entries[count].symbol = 0;
}

const struct coexist_manifest_entry *coexist_manifest_configured(const char *library) {
  static struct coexist_manifest_entry entries[COEXIST_TLS_VARIABLES_MAX + 1];
  static char symbols[COEXIST_TLS_VARIABLES_MAX][COEXIST_SYMBOL_MAX];
  for (uint32_t i = 0; i < coexist_config.tls_rules_count; i++) {
    const struct coexist_tls_rule *rule = &coexist_config.tls_rules[i];
    for (uint32_t pattern = 0; pattern < rule->libraries_count; pattern++) {
      if (!coexist_text_matches(library, rule->libraries[pattern])) continue;
      coexist_manifest_read(rule->variables, rule->variables_count, entries, symbols);
      return rule->variables_count > 0 ? entries : 0;
    }
  }
  return 0;
}
