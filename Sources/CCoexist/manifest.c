// Initial-exec variables of known guests that belong to the task, by symbol, so that a build with
// another layout still fits. All else of the module stays with the OS thread: exchanging allocator
// heaps, thread ids or unwinder state crashes (measured: 20 of 20 runs).
#include <ccoexist/tls.h>

#include <ccoexist/config.h>
#include <ccoexist/elf.h>
#include <ccoexist/tables.h>

// Lean 4. Sources: lean4 src/runtime/{thread,interrupt,stack_overflow,io}.cpp, and the .symtab of
// libleanshared.so 4.35. lean_g_tls begins with the heartbeat; the word after it is the heap.
static const struct coexist_manifest_entry lean[] = {
    {"lean_g_tls", 8},
    {"_ZN4leanL19g_current_time_taskE", 0},
    {"_ZN4leanL6g_optsE", 0},
    {"_ZN4lean2irL13g_interpreterE", 0},
    {"_ZN4leanL12g_finalizingE", 0},
    {"_ZN4leanL12g_finalizersE", 0},
    {"_ZN4leanL17g_post_finalizersE", 0},
    {"_ZN4leanL21g_current_task_objectE", 0},
    {"_ZN4leanL11g_heartbeatE", 0},
    {"_ZN4leanL15g_max_heartbeatE", 0},
    {"_ZN4leanL15g_max_rec_depthE", 0},
    {"_ZN4leanL11g_rec_depthE", 0},
    {"_ZN4leanL11g_cancel_tkE", 0},
    {"_ZN4leanL9g_counterE", 0},
    {"_ZN4leanL17g_stack_info_initE", 0},
    {"_ZN4leanL12g_stack_sizeE", 0},
    {"_ZN4leanL12g_stack_baseE", 0},
    {"_ZN4leanL17g_stack_thresholdE", 0},
    {"_ZN4leanL31get_stream_current_stdin_tlocalE", 0},
    {"_ZN4leanL32get_stream_current_stdout_tlocalE", 0},
    {"_ZN4leanL32get_stream_current_stderr_tlocalE", 0},
    {0, 0},
};

static const struct {
  const char *library;
  const struct coexist_manifest_entry *entries;
} manifests[] = {{"libleanshared.so*", lean}};

const struct coexist_manifest_entry *coexist_manifest_of(const char *library) {
  for (unsigned i = 0; i < sizeof manifests / sizeof manifests[0]; i++)
    if (coexist_text_matches(library, manifests[i].library)) return manifests[i].entries;
  return 0;
}

const struct coexist_manifest_entry *coexist_manifest_configured(const char *library) {
  enum { LENGTH = sizeof coexist_config.tls_rules[0].variables[0] };
  static struct coexist_manifest_entry entries[COEXIST_TLS_VARIABLES_MAX + 1];
  static char symbols[COEXIST_TLS_VARIABLES_MAX][LENGTH];
  for (uint32_t i = 0; i < coexist_config.tls_rules_count; i++) {
    const struct coexist_tls_rule *rule = &coexist_config.tls_rules[i];
    for (uint32_t pattern = 0; pattern < rule->libraries_count; pattern++) {
      if (!coexist_text_matches(library, rule->libraries[pattern])) continue;
      for (uint32_t n = 0; n < rule->variables_count; n++) {
        // SYMBOL, or SYMBOL:BYTES for the beginning of it.
        uint32_t size = 0, at = 0;
        const char *text = rule->variables[n];
        for (; at < LENGTH - 1 && text[at] != 0 && text[at] != ':'; at++) symbols[n][at] = text[at];
        symbols[n][at] = 0;
        for (text += at + (text[at] == ':'); *text >= '0' && *text <= '9'; text++)
          size = size * 10 + (uint32_t)(*text - '0');
        entries[n] = (struct coexist_manifest_entry){symbols[n], size};
      }
      entries[rule->variables_count].symbol = 0;
      return rule->variables_count > 0 ? entries : 0;
    }
  }
  return 0;
}
