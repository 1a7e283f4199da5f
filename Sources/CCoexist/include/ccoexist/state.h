// The state of one process, as the library keeps it and as other processes read it.
//
// The library's own tables live in this structure, which is a mapped file (mode 0600), so that
// coexist-inspect sees the truth without stopping the process and after it was killed.
// Bump COEXIST_STATE_VERSION whenever the meaning or place of a field changes; within a version
// the structure only grows at its end. Readers must treat every field as hostile input.
//
// Addresses are 64-bit words of the observed process. Times are nanoseconds of CLOCK_REALTIME,
// durations nanoseconds of CLOCK_MONOTONIC. Words marked (atomic) change under the reader's feet.
#pragma once

#include <stdint.h>
#include <ccoexist/sigsafe.h>

#define COEXIST_STATE_MAGIC 0x0054534958454F43ull /* "COEXIST\0", little endian */
#define COEXIST_STATE_VERSION 1u
#define COEXIST_CORE_MAGIC 0x45524F4353584F43ull /* "COXSCORE": a copy made for a core file */

enum {
  COEXIST_RUNTIMES_MAX = 64,   // one bit each in a 64-bit word
  COEXIST_SIGNALS_MAX = 65,    // index = signal number; slot 0 unused
  COEXIST_ACTIONS_MAX = 1024,  // slot 0 unused: "no action asked for"
  COEXIST_EVENTS_MAX = 256,
  COEXIST_TRIED_MAX = 16,
  COEXIST_WARNINGS_MAX = 32,
  COEXIST_REGIONS_MAX = 1024,
  COEXIST_REGION_TABLES = 8,
  COEXIST_CONTAINERS_MAX = 64,
  COEXIST_CONTAINER_OBJECTS_MAX = 512,
  COEXIST_LATENCY_BUCKETS = 24,  // bucket b counts durations in [2^b, 2^(b+1)) ns
};

// Fixed runtime numbers. Numbers from COEXIST_RUNTIME_FIRST on are given in order of appearance.
enum {
  COEXIST_RUNTIME_SYSTEM = 0,  // libc, the loader, libgcc, …: evidence for nobody
  COEXIST_RUNTIME_APP = 1,     // everything that is no runtime
  COEXIST_RUNTIME_FIRST = 2,
};

enum coexist_mode {
  COEXIST_MODE_OFF = 0,      // interposers only forward
  COEXIST_MODE_OBSERVE = 1,  // requests are recorded, the kernel gets libc's behaviour
  COEXIST_MODE_ENFORCE = 2,
};

struct coexist_runtime {
  char name[32];       // catalogue name ("jvm", "go", "go#2") or, unknown, its SONAME
  char library[96];    // SONAME or file name of the module that it was recognised by
  uint64_t base;       // start of that module's mapping; 0 for system and app
  uint64_t since_ns;
  uint64_t claimed;    // (atomic) events that it handled
  uint64_t declined;   // (atomic) events that it was asked about and handed on
  uint16_t present;    // 0: slot free
  uint16_t catalogue;  // index into the writer's own coexist_catalogue: readers go by the name
  uint16_t instance;   // 1, 2, … of the same catalogue entry
  uint16_t traits;     // enum coexist_runtime_traits; 0 = not in the catalogue
};
#define COEXIST_CATALOGUE_NONE 0xFFFFu

// What the writer's catalogue says of a runtime, also of one that the configuration describes:
// enough to explain the order of a chain without that catalogue.
enum coexist_runtime_traits {
  COEXIST_TRAIT_KNOWN = 1,
  COEXIST_TRAIT_CONFIGURED = 2,     // by a [[runtime]]
  COEXIST_TRAIT_BOTTOM_ABORTS = 4,
  COEXIST_TRAIT_PASSES_SHIFT = 4,   // enum coexist_passes, 4 bits
  COEXIST_TRAIT_CLAIMS_SHIFT = 8,   // enum coexist_claims, 4 bits
};

// What a runtime asked for, as the kernel would read it back. Immutable once published.
struct coexist_action {
  uint64_t handler;  // SIG_DFL 0, SIG_IGN 1
  uint64_t flags;    // SA_*
  uint64_t mask;     // bit n-1 = signal n
  uint64_t restorer;
  uint64_t asked_ns;
  uint64_t asked_from;  // return address of the call
  uint32_t sequence;    // grows with each request in the process: the order of installation
  uint16_t signal;
  uint16_t runtime;
  uint64_t reserved;
};

enum coexist_installed {
  COEXIST_INSTALLED_NATIVE = 0,      // the kernel holds what the last caller asked for
  COEXIST_INSTALLED_EXACT = 1,       // one party: the kernel holds exactly its action
  COEXIST_INSTALLED_DISPATCHER = 2,  // more parties: the kernel holds our entry
};

struct coexist_signal {
  uint64_t claimants;   // (atomic) runtimes that ask for a handler, one bit each
  uint64_t delivered;   // (atomic) events that our dispatcher saw
  uint64_t defaulted;   // (atomic) events that nobody claimed
  uint32_t installed;   // (atomic) enum coexist_installed
  uint32_t installed_runtime;  // with EXACT: whose
  uint16_t link[COEXIST_RUNTIMES_MAX];     // (atomic) index into actions; 0 = nothing asked for
  uint64_t claimed[COEXIST_RUNTIMES_MAX];  // (atomic) events claimed, per runtime
  uint32_t latency[COEXIST_LATENCY_BUCKETS];  // (atomic) entry → first handler
};

enum coexist_evidence {
  COEXIST_EVIDENCE_NONE = 0,
  COEXIST_EVIDENCE_PC = 1,       // the interrupted instruction is the runtime's
  COEXIST_EVIDENCE_ADDRESS = 2,  // the address that was touched is the runtime's
  COEXIST_EVIDENCE_THREAD = 3,   // the thread was made by the runtime
  COEXIST_EVIDENCE_RULE = 4,     // a rule of the configuration
};

enum coexist_outcome {
  COEXIST_OUTCOME_PENDING = 0,   // a handler is running, or it left without returning
  COEXIST_OUTCOME_CLAIMED = 1,
  COEXIST_OUTCOME_DEFAULT = 2,   // nobody claimed: the default action was taken
};

// How a runtime said "not mine".
enum coexist_how {
  COEXIST_HOW_ASKED = 0,         // asked; no answer yet, or it left without returning
  COEXIST_HOW_CLAIMED = 1,
  COEXIST_HOW_RESET = 2,         // put SIG_DFL or the previous action back and returned
  COEXIST_HOW_RAISED = 3,        // put it back and raised the signal again
  COEXIST_HOW_REQUEUED = 4,      // queued the original siginfo to itself again
  COEXIST_HOW_CALLED_PREVIOUS = 5,
  COEXIST_HOW_NO_PROGRESS = 6,   // returned, and the same instruction faulted again
  COEXIST_HOW_REPORTED = 7,      // a reporter wrote its report
};

struct coexist_tried {
  uint8_t runtime;
  uint8_t how;  // enum coexist_how
};

struct coexist_event {
  uint64_t sequence;  // (atomic) 0 = slot unused; written last
  uint64_t time_ns;
  uint64_t pc;
  uint64_t address;   // si_addr, or the sender's pid for a signal that was sent
  uint64_t sp;
  int32_t tid;
  int32_t code;       // si_code
  uint16_t signal;
  uint8_t pc_owner, address_owner, thread_owner;  // runtime numbers
  uint8_t evidence;   // enum coexist_evidence, of the runtime asked first
  uint8_t outcome;    // enum coexist_outcome
  uint8_t claimed_by;
  uint32_t to_handler_ns;  // entry → jump into the first handler; 0 = not timed
  uint32_t total_ns;       // entry → resume; 0 = the handler never returned, or not timed
  uint32_t tried_count;
  struct coexist_tried tried[COEXIST_TRIED_MAX];
};

struct coexist_warning {
  uint64_t sequence;  // (atomic) 0 = unused
  uint64_t time_ns;
  char code[8];       // "W201"
  char text[168];
};

enum coexist_region_kind {
  COEXIST_REGION_CODE = 1,   // executable memory that the runtime mapped: JIT code
  COEXIST_REGION_DATA = 2,   // reserved or protected by the runtime: guard and polling pages, cages
};

struct coexist_region {
  uint64_t low, high;  // [low, high)
  uint32_t runtime;
  uint32_t kind;
};

// Sorted by address, no overlaps. Immutable while it is the current one.
struct coexist_region_table {
  uint64_t count;
  uint64_t reserved;
  struct coexist_region regions[COEXIST_REGIONS_MAX];
};

// Where the settings came from; the settings themselves are struct coexist_config in config.h.
struct coexist_settings {
  uint32_t mode;           // enum coexist_mode
  uint32_t keys;           // keys read from the file
  uint32_t problems;       // diagnostics that the file gave
  uint32_t rules;
  char path[256];          // the file in use; "" = built-in defaults
  char options[256];       // COEXIST_OPTIONS as given
};

enum coexist_container_state {
  COEXIST_CONTAINER_FREE = 0,
  COEXIST_CONTAINER_OPENING = 1,
  COEXIST_CONTAINER_OPEN = 2,
  COEXIST_CONTAINER_SEALED = 3,   // nothing more is loaded into it
  COEXIST_CONTAINER_CLOSING = 4,
  COEXIST_CONTAINER_STUCK = 5,    // closed, but the loader keeps some of it; `why` names what
};

// A library in a namespace of its own (coexist_container.h).
struct coexist_container_record {
  uint64_t id;           // (atomic) 0 = slot unused
  uint64_t opened_ns;
  uint64_t root;         // link map of the generated root object
  uint64_t target;       // link map of the library
  int64_t space;         // Lmid_t; 0 = the program's own namespace (isolation "scope")
  uint32_t state;        // (atomic) enum coexist_container_state
  uint32_t isolation;    // enum coexist_container_isolation_level
  uint32_t flags;        // enum coexist_container_flags
  uint32_t opens;        // dlopen calls that were answered with it, less dlclose calls
  uint32_t threads;      // (atomic) living threads that began inside
  uint32_t destructors;  // (atomic) thread_local destructors to be run
  uint32_t keys, timers; // pthread keys and POSIX timers that it owns
  uint32_t close_timeout_ms;
  int32_t last_thread;   // the youngest of `threads`
  uint32_t whole;        // all of libc's family is inside, needed or not
  uint32_t reserved;
  char name[32];
  char library[128];
  char why[192];         // why it could not be opened or closed, last time
};

// A loaded object of a container.
struct coexist_container_object {
  uint64_t container;    // (atomic) its id; 0 = slot unused
  uint64_t low, high;    // its whole mapping
  uint32_t copied;       // mapped from a copy in memory of the file at `path`
  uint32_t reserved;
  char path[128];
};

enum coexist_tls_policy {
  COEXIST_TLS_POLICY_AUTO = 0,     // not decided yet
  COEXIST_TLS_POLICY_NATIVE = 1,   // belongs to the OS thread
  COEXIST_TLS_POLICY_CONTEXT = 2,  // each context has its own block
  COEXIST_TLS_POLICY_COPY = 3,     // the task's variables are exchanged at each switch
  COEXIST_TLS_POLICY_ENTERED = 4,  // own block in contexts entered by hand, not on fibers
  COEXIST_TLS_POLICY_PROXY = 5,    // coexist_call runs on the context's own OS thread
  COEXIST_TLS_POLICY_REGISTER = 6, // coexist_call runs with the context's own FS base
};

// Why a module has its policy.
enum coexist_tls_reason {
  COEXIST_TLS_REASON_DEFAULT = 0,    // general-dynamic code: follows the context
  COEXIST_TLS_REASON_ASKED = 1,      // coexist_module_policy or the configuration
  COEXIST_TLS_REASON_SYSTEM = 2,     // libc and its like
  COEXIST_TLS_REASON_PROGRAM = 3,    // the main program
  COEXIST_TLS_REASON_ALLOCATOR = 4,  // defines malloc
  COEXIST_TLS_REASON_HOST = 5,       // switches stacks itself
  COEXIST_TLS_REASON_RUNTIME = 6,    // a runtime that ties its threads to OS threads
  COEXIST_TLS_REASON_STATIC = 7,     // initial-exec code: no address can be given
  COEXIST_TLS_REASON_MANIFEST = 8,   // initial-exec code whose task variables are known
  COEXIST_TLS_REASON_DESCRIPTOR = 9, // TLS descriptors: the code may keep an offset
  COEXIST_TLS_REASON_REFUSED = 10, // policy "register" was asked for, and cannot serve it
};

// A loaded object with thread-local storage. Index = its module id.
struct coexist_tls_module {
  uint64_t map;        // (atomic) its link map; 0 = free, 1 = being filled
  uint64_t low;        // start of its mapping
  uint64_t image, image_size, size, align;
  uint64_t generation; // of the DTV when it was looked at
  uint64_t pin;        // handle that keeps it loaded while blocks of it live
  uint64_t blocks;     // (atomic) living in contexts
  uint32_t policy;     // enum coexist_tls_policy
  uint32_t reason;     // enum coexist_tls_reason
  uint32_t flags;      // COEXIST_TLS_STATIC, … (tls.h)
  uint32_t warned;
  char name[64];       // SONAME
};

enum { COEXIST_TLS_MODULES_MAX = 1024, COEXIST_TLS_RANGES_MAX = 32 };

// Bytes of an initial-exec module that belong to the task.
struct coexist_tls_range {
  uint32_t offset, size;
};

struct coexist_tls_state {
  uint64_t contexts;       // (atomic) living
  uint64_t contexts_made;  // (atomic)
  uint64_t stacks;         // (atomic) of them, found by their stack
  uint64_t reserved;       // was a count that nobody read, and that each first touch paid for
  uint64_t modules_count;  // (atomic) highest module id in use + 1
  uint64_t modules_version;// (atomic) grows when a module comes or changes its policy
  uint64_t copied_module;  // the first whose ranges follow; 0 = none
  uint64_t ranges_count, ranges_size;  // of all, and bytes of the first
  struct coexist_tls_range ranges[COEXIST_TLS_RANGES_MAX];
  struct coexist_tls_module modules[COEXIST_TLS_MODULES_MAX];
  uint16_t ranges_module[COEXIST_TLS_RANGES_MAX];  // whose each range is
};

enum { COEXIST_THREAD_LINES_MAX = 1024, COEXIST_COLLECTOR_LINES = 7 };

// A living thread, for people. More than fit are counted only.
struct coexist_thread_line {
  int32_t tid;           // (atomic) 0 = free
  uint8_t creator;       // runtime
  uint8_t waits_for;     // (atomic) the runtime that it waits for, if the watch knows; else 0
  uint16_t collectors;   // (atomic) lines of collectors that know it, one bit each
  uint64_t low, high;    // its stack
  uint64_t alternate, alternate_size;  // what the kernel has; size 0 = none
  uint64_t container;
  uint64_t since_ns;
};

// A collector that we show what others hold. The line after libgc's is who calls
// coexist_roots_each, then Ruby's and OCaml's follow.
enum { COEXIST_COLLECTOR_LINES_FIRST = 5 };
struct coexist_collector_line {
  uint64_t present;      // (atomic)
  uint32_t runtime, reserved;
  uint64_t collections;  // (atomic) in which it stopped its world
  uint64_t alone;        // (atomic) of those, with nothing to add but thread-local blocks
  uint64_t asked;        // (atomic) threads asked to stop, all in all
  uint64_t silent;       // (atomic) of those, that keep every signal out
  uint64_t contexts;     // at the last collection
  uint64_t segments;     // writable, of private namespaces, at the last collection
};

struct coexist_stacks_state {
  uint64_t left_out;     // (atomic) living threads without a line
  struct coexist_collector_line collectors[COEXIST_COLLECTOR_LINES_FIRST];
  struct coexist_thread_line threads[COEXIST_THREAD_LINES_MAX];
  struct coexist_collector_line more_collectors[COEXIST_COLLECTOR_LINES -
                                                COEXIST_COLLECTOR_LINES_FIRST];
};

enum { COEXIST_CONTEXT_LINES_MAX = 1024, COEXIST_CONTEXT_MODULES_MAX = 8 };

// What a context follows from thread to thread.
enum coexist_context_host {
  COEXIST_HOST_STACK = 1,     // a fiber: whatever runs on its stack
  COEXIST_HOST_EXPLICIT = 2,  // entered by hand (coexist.h)
  COEXIST_HOST_TASK = 3,      // a coroutine of Mojo's
  COEXIST_HOST_VIRTUAL = 4,   // a virtual thread of a JVM
};

// A living context, for people. Written where one is made, gets a block, or ends; entering and
// leaving by hand leave no trace here, since both are to cost nothing. More than fit are counted
// only.
struct coexist_context_line {
  uint64_t id;           // (atomic) 1, 2, … as they were made; 0 = free
  uint64_t record;       // its struct coexist_context: what C calls coexist_context_t
  uint64_t made_ns;
  uint64_t low, high;    // its stack: the fiber's, or that of coexist_call; 0 = none
  uint32_t resumed;      // tasks and virtual threads: how often a thread went on with it
  uint32_t migrations;   // of those, on another thread than before
  int32_t tid;           // (atomic) inside: of tasks and virtual threads; of all once a crash began
  int32_t last_tid;      // of tasks and virtual threads
  uint32_t bytes;        // of its blocks
  uint16_t blocks;
  uint8_t host;          // enum coexist_context_host
  uint8_t maker;         // runtime that made it; 0 = the host says which
  uint16_t modules[COEXIST_CONTEXT_MODULES_MAX];  // of the first blocks; 0 = none
};

struct coexist_contexts_state {
  uint64_t lines_used;    // (atomic) records that a line was kept for; may pass the maximum
  uint64_t left_out;      // (atomic) living contexts without a line
  uint64_t owner_offset;  // in a record: the word that says whose thread is inside, 0 = nobody's
  struct coexist_context_line lines[COEXIST_CONTEXT_LINES_MAX];
};

struct coexist_state {
  uint64_t magic;
  uint32_t version;
  uint32_t size;           // sizeof(struct coexist_state) of the writer
  char library_version[16];
  uint64_t pid;
  uint64_t start_ticks;    // field 22 of /proc/PID/stat: tells a reused pid
  uint64_t started_ns;
  uint64_t uid;
  char program[256];       // /proc/self/exe
  uint64_t threads;        // (atomic) living threads with a record
  uint64_t generation;     // (atomic) grows with each change of who is who and who asks for what
  uint64_t events_next;    // (atomic) sequence of the next event; the newest is events_next - 1
  uint64_t warnings_next;  // (atomic)
  uint64_t region_table;   // (atomic) index of the current table
  uint64_t runtimes_count; // (atomic) highest runtime number in use + 1
  struct coexist_settings settings;
  struct coexist_runtime runtimes[COEXIST_RUNTIMES_MAX];
  struct coexist_signal signals[COEXIST_SIGNALS_MAX];
  struct coexist_action actions[COEXIST_ACTIONS_MAX];
  struct coexist_event events[COEXIST_EVENTS_MAX];  // ring: slot = sequence % COEXIST_EVENTS_MAX
  struct coexist_warning warnings[COEXIST_WARNINGS_MAX];
  struct coexist_region_table regions[COEXIST_REGION_TABLES];
  uint64_t containers_used;    // (atomic) containers that are not free
  uint64_t containers_opened;  // (atomic) since the process began
  struct coexist_container_record containers[COEXIST_CONTAINERS_MAX];
  struct coexist_tls_state tls;
  struct coexist_container_object container_objects[COEXIST_CONTAINER_OBJECTS_MAX];
  struct coexist_stacks_state stacks;
  struct coexist_contexts_state contexts;
  uint64_t pid_space;      // inode of the pid namespace that `pid` counts in; 0 = not known
  // Bytes of each thread that glibc keeps for initial-exec variables; 0 = not known.
  uint64_t static_tls_size, static_tls_used;
  uint64_t inside_offset;  // as contexts.owner_offset: the word to read where that says nobody
};

_Static_assert(sizeof(struct coexist_action) == 64, "one cache line");
_Static_assert(sizeof(struct coexist_runtime) == 168, "layout of version 1");
_Static_assert(sizeof(struct coexist_warning) == 192, "layout of version 1");
_Static_assert(sizeof(struct coexist_container_record) == 440, "layout of version 1");
_Static_assert(sizeof(struct coexist_context_line) == 80, "layout of version 1");

// Element access by pointer: Swift imports these arrays as huge tuples, which nobody should copy.
#define COEXIST_ELEMENT(type, name, array, max)                                            \
  static inline type *coexist_state_##name(struct coexist_state *state, uint64_t index)    \
      COEXIST_SIGSAFE {                                                                    \
    return &state->array[index % (max)];                                                   \
  }
COEXIST_ELEMENT(struct coexist_runtime, runtime, runtimes, COEXIST_RUNTIMES_MAX)
COEXIST_ELEMENT(struct coexist_action, action, actions, COEXIST_ACTIONS_MAX)
COEXIST_ELEMENT(struct coexist_event, event, events, COEXIST_EVENTS_MAX)
COEXIST_ELEMENT(struct coexist_warning, warning, warnings, COEXIST_WARNINGS_MAX)
COEXIST_ELEMENT(struct coexist_region_table, regions, regions, COEXIST_REGION_TABLES)
COEXIST_ELEMENT(struct coexist_container_record, container, containers, COEXIST_CONTAINERS_MAX)
COEXIST_ELEMENT(struct coexist_container_object, container_object, container_objects,
                COEXIST_CONTAINER_OBJECTS_MAX)
COEXIST_ELEMENT(struct coexist_tls_module, tls_module, tls.modules, COEXIST_TLS_MODULES_MAX)
COEXIST_ELEMENT(struct coexist_tls_range, tls_range, tls.ranges, COEXIST_TLS_RANGES_MAX)
COEXIST_ELEMENT(struct coexist_thread_line, thread_line, stacks.threads, COEXIST_THREAD_LINES_MAX)
COEXIST_ELEMENT(struct coexist_context_line, context_line, contexts.lines,
                COEXIST_CONTEXT_LINES_MAX)
#undef COEXIST_ELEMENT
// Not a power of two: a comparison is cheaper than the remainder. No signal has number 0.
static inline struct coexist_signal *coexist_state_signal(struct coexist_state *state,
                                                          uint64_t index) COEXIST_SIGSAFE {
  return &state->signals[index < COEXIST_SIGNALS_MAX ? index : 0];
}
static inline struct coexist_collector_line *coexist_state_collector(struct coexist_state *state,
                                                                     uint64_t index)
    COEXIST_SIGSAFE {
  uint64_t line = index % COEXIST_COLLECTOR_LINES;
  return line < COEXIST_COLLECTOR_LINES_FIRST
             ? &state->stacks.collectors[line]
             : &state->stacks.more_collectors[line - COEXIST_COLLECTOR_LINES_FIRST];
}
static inline const char *coexist_container_name(const struct coexist_container_record *record)
    COEXIST_SIGSAFE {
  return record->name;
}
static inline struct coexist_tls_state *coexist_state_tls(struct coexist_state *state)
    COEXIST_SIGSAFE {
  return &state->tls;
}
static inline uint16_t *coexist_context_line_module(struct coexist_context_line *line,
                                                    uint32_t index) COEXIST_SIGSAFE {
  return &line->modules[index % COEXIST_CONTEXT_MODULES_MAX];
}
