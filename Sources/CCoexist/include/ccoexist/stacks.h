// What collectors of one runtime must see of the others: threads that they do not know, fibers,
// thread-local blocks, data of private namespaces. Storage and the machine's side of
// Sources/CoexistCore/Stacks.
#pragma once

#include <stdint.h>
#include <ccoexist/sigsafe.h>

enum {
  COEXIST_LIBGC_MAX = 4,        // copies of Boehm's collector in one process
  COEXIST_COLLECTORS = COEXIST_LIBGC_MAX + 1,  // and who calls coexist_roots_each
  COEXIST_STOPPED_MAX = 16384,  // threads that one collection can look at, a power of two
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

// Loaded objects of all namespaces; own = the program's. Under the loader's lock.
void coexist_objects_each(void (*visit)(uint64_t map, int own));

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

// ---- Stopping threads that a collector does not know ----

struct coexist_stopped {
  int32_t tid;              // 0 = free
  uint32_t answered;        // (atomic) epoch
  uint64_t sp, registers;   // where it was interrupted: COEXIST_REGISTERS words
};
// One thread in /proc/self/task; 0 = end.
void coexist_tasks_each(void (*visit)(int32_t tid));
uint64_t coexist_tasks_count(void);
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
// In the child of fork: whoever was stopping threads is not in it.
void coexist_stop_forked(void);
// Where a thread was interrupted; NULL = it has not answered.
const struct coexist_stopped *coexist_stopped_at(int32_t tid);
// The stack pointer of a thread that waits in the kernel; 0 = it runs, or is gone.
uint64_t coexist_waiting_sp(int32_t tid);

// ---- Pins and regions (coexist.h) ----

enum {
  COEXIST_PINS_SLAB = 8192,   // pins in one piece of memory, a power of two
  COEXIST_PINS_SLABS = 64,
  COEXIST_PIN_REGIONS = 4096,
};
struct coexist_pin_region {
  uint64_t low, size;  // (atomic) low 0 = free, 1 = being filled
};
extern uint64_t coexist_pins[COEXIST_PINS_SLABS];  // (atomic) address of each slab; 0 = none
extern uint64_t coexist_pin_regions_memory;        // (atomic) likewise
static inline uint64_t *coexist_pins_at(uint64_t slab) COEXIST_SIGSAFE {
  return &coexist_pins[slab % COEXIST_PINS_SLABS];
}
static inline uint64_t *coexist_pin_regions(void) COEXIST_SIGSAFE {
  return &coexist_pin_regions_memory;
}
