// Known runtimes, one data file each in Sources/CCoexist/catalogue/, and those that [[runtime]] of
// the configuration describes in the same words. A fact is only stated with its source; what no
// entry knows is treated as an unknown runtime that may report.
#pragma once

#include <stdint.h>
#include <ccoexist/config.h>
#include <ccoexist/elf.h>
#include <ccoexist/sigsafe.h>
#include <ccoexist/state.h>

enum {
  // A [[runtime]] of a built-in name adds its libraries to those that are there.
  COEXIST_CATALOGUE_LIBRARIES = COEXIST_DEFINITION_LIBRARIES_MAX + 8,
  COEXIST_CATALOGUE_SYMBOLS = COEXIST_DEFINITION_SYMBOLS_MAX,
  COEXIST_CATALOGUE_BUNDLED = COEXIST_DEFINITION_BUNDLED_MAX,
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
  COEXIST_VIRTUAL_THREADS = 32,      // tells an agent (JVMTI) when it mounts a thread of its own
  COEXIST_SMALL_STACKS = 64,         // its code runs on stacks that have no room for a handler
};

// What dlopen(3) does otherwise when another program opens it, or a library that needs it.
enum coexist_loader_rules {
  COEXIST_LOADER_LOCAL = 1,  // without RTLD_GLOBAL, until somebody misses its names
  COEXIST_LOADER_STAYS = 2,  // with RTLD_NODELETE: its threads run on after dlclose
};

// A thread-local variable in initial-exec code that belongs to the task, by symbol, so that a build
// with another layout still fits. size: bytes from its beginning, 0 = all of it. All else of the
// module stays with the OS thread: exchanging allocator heaps, thread ids or unwinder state crashes
// (measured: 20 of 20 runs).
struct coexist_manifest_entry {
  const char *symbol;
  uint32_t size;
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
  uint32_t tls;        // enum coexist_tls_policy of its libraries; 0 = native
  const struct coexist_manifest_entry *variables;  // ends with {0, 0}; NULL = none
  const char *attach;           // exported: makes the calling thread, made by the program, known to
                                // it; its own end undoes that
  const char *attach_argument;  // exported: what attach gets; while it returns NULL it is too early
  const char *share;            // exported: makes an object ready for other threads
  uint32_t is_configured;       // from a [[runtime]], perhaps over a built-in one
};

#define COEXIST_SIGNAL_BIT(signal) (1ull << ((signal) - 1))
// For runtimes that look for a free number: whichever they install on is one of these. The first
// two the kernel offers are libc's own (nptl/internal-signals.h).
#define COEXIST_REALTIME_SIGNALS (~0ull << 33)
enum { COEXIST_SUSPEND_FIRST_REALTIME = -1 };  // the lowest that it has a handler for

// Built-in ones in the order of their names, then those of the configuration.
extern const struct coexist_catalogue_entry *coexist_catalogue[];
extern uint32_t coexist_catalogue_count;
extern const struct coexist_catalogue_entry *const coexist_built_in[];
extern const uint32_t coexist_built_in_count;

// A [[runtime]] as an entry. Its texts lie here and in the definition, or are a built-in entry's.
struct coexist_described {
  struct coexist_catalogue_entry entry;
  struct coexist_manifest_entry variables[COEXIST_TLS_VARIABLES_MAX + 1];
  char symbols[COEXIST_TLS_VARIABLES_MAX][COEXIST_SYMBOL_MAX];
};
void coexist_catalogue_describe(struct coexist_described *described,
                                const struct coexist_definition *given);
// COEXIST_CATALOGUE_NONE = no built-in one has the name.
uint32_t coexist_built_in_named(const char *name);

// Makes the catalogue anew, with the configuration's [[runtime]]. Before anybody is looked up.
void coexist_catalogue_configure(void);

// The entry that a loaded object of this name belongs to; COEXIST_CATALOGUE_NONE = none.
uint32_t coexist_catalogue_recognise(struct coexist_object object, const char *name)
    COEXIST_SIGSAFE;
// Does this name match the first pattern, whose library makes an instance?
int coexist_catalogue_is_main(const struct coexist_catalogue_entry *entry, const char *name)
    COEXIST_SIGSAFE;
// Is the object the runtime itself, rather than a library that belongs to one?
int coexist_catalogue_is_own_instance(uint32_t index, const char *name) COEXIST_SIGSAFE;

// The loader's rules for an object of this name; enum coexist_loader_rules.
uint32_t coexist_catalogue_loader(const char *name) COEXIST_SIGSAFE;
// The variables of the task that an object of this name has; NULL = none is known.
const struct coexist_manifest_entry *coexist_catalogue_variables(const char *name);
// The function that makes an object of this runtime's ready for other threads; NULL = none.
const char *coexist_catalogue_share(const char *runtime);
// The patterns of names that an object of this name exports as copies of others'; NULL = none.
const char *const *coexist_catalogue_bundled(const char *name) COEXIST_SIGSAFE;

static inline const struct coexist_catalogue_entry *coexist_built_in_at(uint32_t index) {
  return index < coexist_built_in_count ? coexist_built_in[index] : 0;
}
static inline const struct coexist_catalogue_entry *coexist_catalogue_at(uint32_t index)
    COEXIST_SIGSAFE {
  return index < coexist_catalogue_count ? coexist_catalogue[index] : 0;
}
// enum coexist_runtime_traits, for the state file.
static inline uint16_t coexist_catalogue_traits(const struct coexist_catalogue_entry *entry)
    COEXIST_SIGSAFE {
  return (uint16_t)(COEXIST_TRAIT_KNOWN |
                    (entry->is_configured != 0 ? COEXIST_TRAIT_CONFIGURED : 0) |
                    (entry->flags & COEXIST_BOTTOM_ABORTS ? COEXIST_TRAIT_BOTTOM_ABORTS : 0) |
                    entry->passes << COEXIST_TRAIT_PASSES_SHIFT |
                    entry->claims << COEXIST_TRAIT_CLAIMS_SHIFT);
}
