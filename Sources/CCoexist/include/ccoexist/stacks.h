// What collectors of one runtime must see of the others: threads that they do not know, fibers,
// thread-local blocks, data of private namespaces. Storage and the machine's side of
// Sources/CoexistCore/Stacks.
#pragma once

#include <stdint.h>
#include <ccoexist/sigsafe.h>

enum {
  COEXIST_LIBGC_MAX = 4,        // copies of Boehm's collector in one process
  COEXIST_COLLECTOR_CALLER = COEXIST_LIBGC_MAX,  // who calls coexist_roots_each
  COEXIST_COLLECTOR_RUBY,
  COEXIST_COLLECTOR_OCAML,
  COEXIST_COLLECTORS,           // the state has a line of each (COEXIST_COLLECTOR_LINES)
  COEXIST_STOPPED_MAX = 32768,  // a power of two; half as many threads can be stopped
  COEXIST_SEGMENTS_MAX = 512,   // writable segments of private namespaces
  COEXIST_ROOT_MODULES_MAX = 1024,
};

// A range of memory is handed to a collector so; libgc's GC_push_all_eager is one.
typedef void (*coexist_push)(void *low, void *high);

// A copy of Boehm's collector, by its own public functions (libgc ≥ 8.0, gc.h and gc_mark.h).
struct coexist_libgc {
  uint64_t map;                 // (atomic) its link map; 0 = free
  uint64_t low, high;           // its mapping
  uint32_t locks;               // (atomic) GC_allow_register_threads was called
  uint32_t stopped;             // its world stands still
  uint32_t holds;               // and so do the threads that it does not know
  uint32_t runtime;             // its number
  uint32_t ready;               // (atomic) 1 = being hooked, 2 = the functions below are there
  coexist_push push_all_eager;
  int (*is_init_called)(void);
  void (*allow_register_threads)(void);
  int (*register_my_thread)(const uint64_t *);
  int (*unregister_my_thread)(void);
  int (*thread_is_registered)(void);
  void (*before_push)(void);    // whose place our functions took
  void (*before_event)(int);
  void (*before_thread)(int, void *);
};
extern struct coexist_libgc coexist_libgcs[COEXIST_COLLECTORS];
static inline struct coexist_libgc *coexist_libgc_at(uint32_t index) COEXIST_SIGSAFE {
  return &coexist_libgcs[index % COEXIST_COLLECTORS];
}
// Puts our three functions where the collector of this slot finds them, and remembers what was
// there. 0 = it is too old to have the places.
int coexist_libgc_hook(uint32_t index);
// Was it initialised? Then nobody can close it any more. Before, another thread may be doing so.
int coexist_libgc_has_started(uint32_t index);

// A runtime that must know the program's threads (the catalogue's attach), found by symbol.
struct coexist_attach {
  uint64_t map, low;            // its link map and place; 0 = free
  void *(*argument)(void);      // NULL = attach takes none
  void *(*attach)(void *);
};
enum { COEXIST_ATTACHES_MAX = 8 };
extern struct coexist_attach coexist_attaches[COEXIST_ATTACHES_MAX];
static inline struct coexist_attach *coexist_attach_at(uint32_t index) COEXIST_SIGSAFE {
  return &coexist_attaches[index % COEXIST_ATTACHES_MAX];
}
// Fills it from the object of this link map. 0 = it has the functions of no entry.
int coexist_attach_find(struct coexist_attach *attach, uint64_t map);

// Ruby (include/ruby/ruby.h, thread.h; gc.c of 3.1), found by symbol. What others hold it is told
// by a hidden object of ours, whose mark function each marking calls.
struct coexist_ruby {
  uint64_t map, low;            // its link map and place; 0 = none
  uint64_t keeper;              // (atomic) our object; 0 = not made yet
  const uint64_t *object_class; // 0 until Ruby has started
  int (*is_native_thread)(void);
  int (*has_lock)(void);
  int (*during_gc)(void);
  uint64_t (*wrap)(uint64_t, void *, const void *);
  void (*register_address)(uint64_t *);
  coexist_push mark_locations;
};
extern struct coexist_ruby coexist_ruby;
static inline struct coexist_ruby *coexist_the_ruby(void) COEXIST_SIGSAFE { return &coexist_ruby; }
int coexist_ruby_find(uint64_t map);
// Makes our object, if this thread may make one now: it is Ruby's, has the lock, and nothing is
// being collected. 0 = not now.
int coexist_ruby_keep(void);
// Remembers the words of the range that may be objects. Marking allocates, so it must wait until
// the stopped threads run again: they may hold the allocator's lock.
void coexist_ruby_gather(void *low, void *high);
// Marks what was remembered, and forgets it.
void coexist_ruby_mark_gathered(void);

// OCaml 4 (caml/roots.h, signals.h, io.h, threads.h), found by symbol. Its collector moves objects:
// it must be told the place of each pointer, and writes there.
typedef void (*coexist_ocaml_action)(uint64_t value, uint64_t *place);
struct coexist_ocaml {
  uint64_t map, low;            // its link map and place; 0 = none
  void (**scan_hook)(coexist_ocaml_action);
  void (**leave_hook)(void);    // called where a thread asks for the runtime's lock
  void *const *is_threaded;     // not NULL once its thread library has started; NULL = has none
  int (*kind)(uint64_t address);
  int (*thread_register)(void);
  int (*thread_unregister)(void);
  uint32_t is_hooked;
  void (*before_scan)(coexist_ocaml_action);  // whose place ours took
  void (*before_leave)(void);
};
extern struct coexist_ocaml coexist_ocaml;
static inline struct coexist_ocaml *coexist_the_ocaml(void) COEXIST_SIGSAFE {
  return &coexist_ocaml;
}
int coexist_ocaml_find(uint64_t map);
// Puts ours in front of the hooks, where they are not, or not any more.
void coexist_ocaml_hook(void);
// Tells the collection that runs that an object is held here.
void coexist_ocaml_scan(uint64_t *place);
// The key under which OCaml keeps this thread, + 1, made known to it now; 0 = it knew the thread.
uint32_t coexist_ocaml_register(void);
// Takes an ended thread off, which OCaml kept under this key, + 1. Does not wait for OCaml's lock.
void coexist_ocaml_unregister(uint32_t key);

// Loaded objects of all namespaces; own = the program's. Under the loader's lock.
void coexist_objects_each(void (*visit)(uint64_t map, int own));
// How many of them ask for executable stacks, or do not say that they need none.
uint32_t coexist_objects_opening_stacks(void);

// ---- What lies where; read again before each collection, used while the world stands still ----

struct coexist_segment {
  uint64_t low, high;
};
struct coexist_root_tables {
  uint32_t segments;                                 // in use
  uint32_t modules;                                  // highest module id + 1
  struct coexist_segment segment[COEXIST_SEGMENTS_MAX];
  uint64_t size[COEXIST_ROOT_MODULES_MAX];           // of each module's thread-local block
};
extern struct coexist_root_tables coexist_root_tables[COEXIST_COLLECTORS];
static inline struct coexist_root_tables *coexist_root_tables_at(uint32_t index) COEXIST_SIGSAFE {
  return &coexist_root_tables[index % COEXIST_COLLECTORS];
}
// index: of the collector that is about to stop its world.
void coexist_roots_refresh(uint32_t index);
static inline struct coexist_segment *coexist_root_segment(uint32_t index, uint32_t segment)
    COEXIST_SIGSAFE {
  return &coexist_root_tables_at(index)->segment[segment % COEXIST_SEGMENTS_MAX];
}

// The blocks of a thread, by the vector that its thread pointer leads to.
void coexist_roots_thread_local(uint32_t index, uint64_t thread_pointer, coexist_push push);
// Stacks and blocks of all contexts.
void coexist_roots_contexts(uint32_t index, coexist_push push);
// The stack of the context that holds the address; {0, 0} = none.
struct coexist_segment coexist_context_stack(uint64_t sp);
// The pages of [low, high) that were ever written and can be read.
void coexist_roots_resident(uint64_t low, uint64_t high, coexist_push push);
// [low, high) that holds the address, by /proc/self/maps; {0, 0} = none.
struct coexist_segment coexist_mapping_at(uint64_t address);
// Calls with the calling thread's registers below the frames that they belong to.
void coexist_with_registers(void (*function)(uint64_t sp, uint32_t index), uint32_t index);

// ---- What the kernel says of this process's threads (tasks.c) ----

void coexist_tasks_each(void (*visit)(int32_t tid));
uint64_t coexist_tasks_count(void);
// The stack pointer of a thread that waits in the kernel; 0 = it runs, or is gone.
uint64_t coexist_waiting_sp(int32_t tid);
struct coexist_task_signals {
  uint64_t pending, blocked;  // of the thread itself, by the kernel; bit = signal - 1
};
// 0 = there is no such thread.
int coexist_task_signals(int32_t tid, struct coexist_task_signals *signals) COEXIST_SIGSAFE;

// Records by kernel id, for as long as this thread has the right to stop: looking each thread up in
// the list of all would cost the square of their number.
struct coexist_thread;
void coexist_index_begin(void);
void coexist_index_put(int32_t tid, struct coexist_thread *thread);
struct coexist_thread *coexist_index_get(int32_t tid);

// ---- Threads that keep every signal out past libc (tracer.c) ----

enum { COEXIST_TRACED_MAX = 64, COEXIST_TRACED_REGISTERS = 27 };  // user_regs_struct
struct coexist_traced {
  int32_t tid;
  int32_t error;  // errno; 0 = done. EPERM: somebody else traces it, or nobody may
  uint64_t sp;    // 0 = it is not held
  uint64_t registers[COEXIST_TRACED_REGISTERS];
};
// Holds them until the release, without a signal. One at a time: only who has the right to stop.
// In the order of `tids`; NULL = no task for it.
const struct coexist_traced *coexist_trace_hold(const int32_t *tids, uint32_t count);
void coexist_trace_release(void);
// Lets these signals in to the thread. Returns an errno value: EPERM as above; EAGAIN = it does not
// stand, or another is being opened.
int coexist_trace_open(int32_t tid, uint64_t signals) COEXIST_SIGSAFE;
// The program has called prctl(PR_SET_PTRACER): ours is to be put back to it.
void coexist_trace_named(uint64_t tracer) COEXIST_SIGSAFE;
void coexist_trace_forked(void);

// ---- Stopping threads that a collector does not know (stop.c) ----

struct coexist_stopped {
  int32_t tid;              // 0 = free
  uint32_t answered;        // (atomic) epoch
  uint64_t sp, registers;   // where it was interrupted: COEXIST_REGISTERS words
};
// Takes the only right to stop threads, and closes this thread to signals: nobody may stop who has
// stopped others.
void coexist_stop_begin(void);
// Asks a thread to stop.
void coexist_stop_ask(int32_t tid);
// Waits until all have answered that can.
void coexist_stop_wait(void);
// How many were asked this time, and how many of them cannot answer.
uint64_t coexist_stop_asked(void);
uint64_t coexist_stop_silent(void);
void coexist_stop_end(void);
// Nobody's signal, whose handler is ours; 0 = there is none.
int32_t coexist_stop_signal(void) COEXIST_SIGSAFE;
// From now on calls coexist_core_late on this thread each so many nanoseconds; 0 = no more, on
// whatever thread it was.
void coexist_alarm_set(int64_t nanoseconds) COEXIST_SIGSAFE;
// In the child of fork: whoever was stopping threads is not in it.
void coexist_stop_forked(void);
// Where a thread was interrupted; NULL = it has not answered.
const struct coexist_stopped *coexist_stopped_at(int32_t tid);

// ---- Pins and regions (coexist.h) ----

// One piece of memory, reserved with the first pin: a few words for each thread alone, so that no
// two threads share a cache line, then words for everybody, in slabs that are filled one by one.
enum {
  COEXIST_PINS_OWN = 64,
  COEXIST_PINS_THREADS = 16384,  // that have words of their own
  COEXIST_PINS_SLAB = 8192,      // words of a slab, a power of two
  COEXIST_PINS_SLABS = 64,
  COEXIST_PIN_REGIONS = 4096,
};
#define COEXIST_PINS_OWN_SIZE (8ull * COEXIST_PINS_OWN * COEXIST_PINS_THREADS)
#define COEXIST_PINS_SIZE (COEXIST_PINS_OWN_SIZE + 8ull * COEXIST_PINS_SLAB * COEXIST_PINS_SLABS)
enum coexist_pins_word {
  COEXIST_PINS_AT,       // (atomic) its address; 0 = no pin yet
  COEXIST_PINS_MOVED,    // (atomic) twice as many words, for collectors that move objects
  COEXIST_PINS_OWNERS,   // (atomic) threads with words of their own
  COEXIST_PINS_USED,     // (atomic) slabs in use
  COEXIST_PINS_REGIONS,  // (atomic) address
  COEXIST_PINS_WORDS,
};
extern uint64_t coexist_pins[COEXIST_PINS_WORDS];
static inline uint64_t *coexist_pins_at(enum coexist_pins_word which) COEXIST_SIGSAFE {
  return &coexist_pins[which];
}
struct coexist_pin_region {
  uint64_t low, size;  // (atomic) low 0 = free, 1 = being filled
};
