// Known runtimes, one data file each in Sources/CCoexist/catalogue/. A fact is only stated with its
// source; what no entry knows is treated as an unknown runtime that may report.
#pragma once

#include <stdint.h>
#include <ccoexist/elf.h>
#include <ccoexist/sigsafe.h>

enum {
  COEXIST_CATALOGUE_LIBRARIES = 16, COEXIST_CATALOGUE_SYMBOLS = 3, COEXIST_CATALOGUE_BUNDLED = 8,
};

// When can it say "mine"?
enum coexist_claims {
  COEXIST_CLAIMS_UNKNOWN = 0,   // may report or abort: asked with evidence, or in native order
  COEXIST_CLAIMS_PRECISELY = 1, // decides by its own tables and hands on without a trace: just ask
  COEXIST_CLAIMS_OWN_CODE = 2,  // claims only at its own instructions or addresses
  COEXIST_CLAIMS_GREEDILY = 3,  // claims any fault on its threads: ask after the precise ones
  COEXIST_CLAIMS_NEVER = 4,     // a reporter: writes a crash report and hands on
};

// What it does with an event that is not its own.
enum coexist_passes {
  COEXIST_PASSES_ON = 0,        // to the previous action, silently
  COEXIST_PASSES_REPORTED = 1,  // writes its report, then on
  COEXIST_PASSES_NEVER = 2,     // reports and aborts, whatever was installed before it
};

// How "not mine" comes back to us, with SIG_DFL as the previous action that each runtime sees.
enum coexist_previous {
  COEXIST_PREVIOUS_DEFAULT = 0,  // it puts SIG_DFL back and returns
  COEXIST_PREVIOUS_JSIG = 1,     // it asks JVM_get_signal_action at each event and calls that
};

enum coexist_entry_flags {
  COEXIST_BOTTOM_ABORTS = 1,         // with SIG_DFL below it: reports and aborts
  COEXIST_ABORTS_NEAR_STACK = 2,     // takes a fault within a page of sp for its stack overflow
  COEXIST_EACH_MODULE = 4,           // each library is a runtime of its own (Go c-shared)
  COEXIST_SENDS_RAW = 16,            // sends signals and changes masks past libc
  COEXIST_CLAIMS_ITS_PAGES = 8,      // also claims by the address: safepoint page, write barrier
};

// What dlopen(3) does otherwise when another program opens it, or a library that needs it.
enum coexist_loader_rules {
  COEXIST_LOADER_LOCAL = 1,  // without RTLD_GLOBAL, until somebody misses its names
  COEXIST_LOADER_STAYS = 2,  // with RTLD_NODELETE: its threads run on after dlclose
};

struct coexist_catalogue_entry {
  const char *name;    // as in the configuration and the tool
  const char *title;
  const char *libraries[COEXIST_CATALOGUE_LIBRARIES];  // SONAMEs; a last `*` matches any rest.
                                                       // The first makes an instance, others join
  const char *symbols[COEXIST_CATALOGUE_SYMBOLS];      // exported by the module that is it
  const char *note;    // name of an ELF note in it
  uint64_t signals;    // fault and other signals that it installs, bit n-1
  uint64_t private_signals;  // that its threads send one another
  int32_t suspend_signal;    // that stops a thread until another one restarts it; 0 = none
  uint32_t claims, passes, previous, flags;
  const char *stack;   // which stack its handlers want
  const char *source;
  uint32_t loader;     // enum coexist_loader_rules
  uint32_t steady_threads;   // that it has from its start on, and does without in a child of fork
  const char *restart;       // exported: makes anew what it did with the others; no arguments
  const char *bundled[COEXIST_CATALOGUE_BUNDLED];  // copies of other libraries' names that it
                                                   // exports; a last `*` matches any rest
};

#define COEXIST_SIGNAL_BIT(signal) (1ull << ((signal) - 1))
// For runtimes that look for a free number: whichever they install on is one of these. The first
// two the kernel offers are libc's own (nptl/internal-signals.h).
#define COEXIST_REALTIME_SIGNALS (~0ull << 33)
enum { COEXIST_SUSPEND_FIRST_REALTIME = -1 };  // the lowest that it has a handler for

extern const struct coexist_catalogue_entry *const coexist_catalogue[];
extern const uint32_t coexist_catalogue_count;

// Does the entry know a loaded object of this name?
int coexist_catalogue_recognises(uint32_t index, struct coexist_object object, const char *name)
    COEXIST_SIGSAFE;
// Is the object the runtime itself, rather than a library that belongs to one?
int coexist_catalogue_is_own_instance(uint32_t index, const char *name) COEXIST_SIGSAFE;

// The loader's rules for an object of this name; enum coexist_loader_rules.
uint32_t coexist_catalogue_loader(const char *name) COEXIST_SIGSAFE;
// The patterns of names that an object of this name exports as copies of others'; NULL = none.
const char *const *coexist_catalogue_bundled(const char *name) COEXIST_SIGSAFE;

static inline const struct coexist_catalogue_entry *coexist_catalogue_at(uint32_t index)
    COEXIST_SIGSAFE {
  return index < coexist_catalogue_count ? coexist_catalogue[index] : 0;
}
