// Initial-exec variables of known guests that belong to the task, by symbol, so that a build with
// another layout still fits. All else of the module stays with the OS thread: exchanging allocator
// heaps, thread ids or unwinder state crashes (measured: 20 of 20 runs).
#include <ccoexist/tls.h>

#include <ccoexist/elf.h>

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
