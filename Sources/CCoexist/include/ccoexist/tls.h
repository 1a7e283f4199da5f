// Thread-local state by context: what preload/{tls,fiber}.c and their assembly share with
// Sources/CoexistCore/ThreadLocal.
//
// A context is one logical instance of the guests' thread-local state. On a fiber it is found by
// the stack pointer (interposed __tls_get_addr); entered by hand (coexist.h), its blocks stand in
// the thread's DTV.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <ccoexist/catalogue.h>
#include <ccoexist/registers.h>
#include <ccoexist/sigsafe.h>
#include <ccoexist/state.h>

enum {
  COEXIST_TLS_KEYS_MAX = 1024,    // PTHREAD_KEYS_MAX
  COEXIST_TLS_POOLS = 64,         // size classes
  COEXIST_TLS_MAPPINGS = 16384,   // anonymous mappings that may be stacks, a ring
  COEXIST_CONTEXTS_SLAB = 512,    // records in one; the first only links to the slab before it
  COEXIST_TLS_BLOCK_NONE = 0,     // not looked at yet
  COEXIST_TLS_BLOCK_NATIVE = 1,   // the module's state belongs to the OS thread
};

// One context's blocks by module id. Never changes size: a larger one takes its place, and the old
// one stays until the context ends, because the assembly may be reading it under a handler.
struct coexist_blocks {
  uint64_t count;
  struct coexist_blocks *older;
  uint64_t address[];  // COEXIST_TLS_BLOCK_*, or where the block starts
};

// thread_local destructors of a context, newest first.
struct coexist_destructor {
  struct coexist_destructor *next;
  void (*function)(void *);
  void *object;
};

// A DTV entry as the loader keeps it (glibc sysdeps/generic/dl-dtv.h).
struct coexist_dtv_entry {
  uint64_t value, to_free;
};

// One module of an entered context: its entry of the DTV, and what stood there before. No to_free:
// at its exit a thread frees what it finds there. As coexist.h has it (struct coexist_plan_1).
struct coexist_swap {
  uint64_t own, place;  // place: module id * sizeof(struct coexist_dtv_entry)
  struct coexist_dtv_entry before;
};

// Initial-exec variables of whoever does not run.
struct coexist_copies {
  uint32_t room, ranges;            // bytes of variables; ranges that these are of
  struct coexist_context *loaded;   // of a thread's own: whose variables it holds, NULL = its own
  uint8_t bytes[];
};
// Bytes of a module's block that are exchanged at a switch.
struct coexist_copied {
  uint64_t module;
  int64_t offset;                   // from the thread pointer when fixed, else in the block
  uint32_t words, is_fixed;
};
enum { COEXIST_COPIED_MAX = COEXIST_TLS_RANGES_MAX };

struct coexist_context {
  struct coexist_blocks *blocks;    // tls_get_addr.S: offset 0
  // tls_get_addr.S: offset 8. Its stack, 0 = none; that of one entered by hand is its own, made by
  // coexist_call, with a guard page below.
  uint64_t low, high;
  // Up to `one` also coexist.h (struct coexist_plan_1), which programs are compiled with.
  uint64_t base;                    // (atomic) FS base of the thread that may enter it by enter.h
  struct coexist_tls_self *self;    // of that thread
  struct coexist_tls_self *inside;  // (atomic) that thread is inside; NULL = it is not
  uint32_t again;                   // modules_seen where coexist.h may enter it; 0 = it may not
  uint32_t swaps_count;
  struct coexist_swap one;          // where swaps_count is 1
  struct coexist_swap *swaps;
  struct coexist_context *outer;    // entered by hand: what was before; free: the next free one
  uint32_t modules_seen;            // of the modules' version when swaps were made
  uint32_t line;                    // of the state's context lines, + 1; 0 = none was left
  struct coexist_tls_self *owner;   // (atomic) else who entered it; NULL = nobody
  struct coexist_destructor *destructors;
  uint64_t *keys;                   // values by key; NULL = none set
  struct coexist_copies *copies;    // initial-exec variables while it does not run
  struct coexist_context *parked;   // entered on this stack, while the stack does not run
  struct coexist_proxy *proxy;      // (atomic) its own OS thread (preload/proxy.c)
  struct coexist_donor *donor;      // (atomic) whose FS base is meant on its stack (donor.h)
  uint64_t swaps_generation;        // the newest of its modules
  uint16_t swaps_last, swaps_room;  // the highest module id; how many there is room for, 0 = one
  uint16_t kind;                    // enum coexist_context_kind; 0 = free
  uint16_t on_stack;                // coexist_call runs on its own stack
};
enum coexist_context_kind { COEXIST_CONTEXT_STACK = 1, COEXIST_CONTEXT_EXPLICIT = 2 };
// With one block's table of modules it is 256 bytes; a slab is whole pages.
_Static_assert(sizeof(struct coexist_context) == 184 &&
                   sizeof(struct coexist_context) * COEXIST_CONTEXTS_SLAB % 4096 == 0,
               "memory per context");
enum {
  COEXIST_CONTEXT_NEXT = offsetof(struct coexist_context, outer),
  COEXIST_CONTEXT_OWNER = offsetof(struct coexist_context, owner),
  COEXIST_CONTEXT_INSIDE = offsetof(struct coexist_context, inside),
};

// What one OS thread remembers. tls_get_addr.S knows the first four. Each thread begins with its
// own state everywhere; the first context wakes them all (Contexts.activate).
#define COEXIST_TLS_EVERYWHERE UINT64_MAX
struct coexist_tls_self {
  // The stack range that was looked at last: of one of the sizes, the other is 0.
  uint64_t low;
  uint64_t native_size;              // the thread's own state is meant there
  uint64_t size;                     // that of `context`
  struct coexist_context *context;
  struct coexist_context *entered;   // by hand, innermost
  struct coexist_context *finishing; // whose destructors run
  struct coexist_context *parked;    // as in struct coexist_context, for the thread's own stack
  struct coexist_copies *copies;     // its own initial-exec variables while it holds a context's
  struct coexist_context *task;      // entered for the task that an adapter resumed
  uint32_t depth;                    // inside the slow path: never twice
  uint32_t nested;                   // a fiber's stack lies inside the thread's own
  struct coexist_donor *donor;       // the last one lent to this thread; a donor's is the donor
};

// A stackless coroutine that waits for a thread. Its runtime's queue holds our record in the
// coroutine's place; the thread that finds it there frees it, also when another had the task.
struct coexist_task {
  struct coexist_task *next, *before;
  void *handle;
  void (*resume)(void *);
  struct coexist_context *context;   // NULL = begins
  void *chain;                       // what it awaits; NULL = nothing but a thread
  uint64_t since;                    // tick of the watch (TaskWatch.swift)
  uint32_t taken, pinned;            // by another thread; to a thread of the runtime
};
struct coexist_task_bucket {
  uint64_t lock;  // (atomic)
  struct coexist_task *first;
};
enum { COEXIST_TASK_BUCKETS = 1024 };
// A resumed task: what to call, what was entered for it, what this thread did before.
struct coexist_resumed {
  void (*resume)(void *);
  void *handle;
  struct coexist_context *context, *before;
};

// asleep.c: where the thread of this kernel id sleeps, as a number, and its stack pointer; 0 = it
// does not.
uint64_t coexist_asleep(int32_t tid, uint64_t *sp);

// What the program headers and the dynamic section say about an object with thread-local storage.
struct coexist_tls_facts {
  uint64_t map, low, module;
  uint64_t image, image_size, size, align;
  uint32_t flags;
};
enum {
  COEXIST_TLS_STATIC = 1,      // DF_STATIC_TLS: initial-exec code
  COEXIST_TLS_SWITCHES = 2,    // calls or defines a function that switches stacks
  COEXIST_TLS_ALLOCATOR = 4,   // defines malloc
  COEXIST_TLS_PROGRAM = 8,     // the main program
  COEXIST_TLS_DESCRIPTOR = 16, // TLS descriptors (gcc -mtls-dialect=gnu2)
  COEXIST_TLS_FOLLOWS = 32,    // … which have been made to ask the thread's vector
};
// A library whose descriptors are distances from the thread pointer: tls_descriptor.S answers.
struct coexist_descriptor {
  uint64_t place;       // of its entry in the vector, in bytes
  uint64_t start;       // of its block, from the thread pointer
  uint64_t module;      // (atomic) its id; 0 = free
  uint64_t generation;  // of a vector that knows it
};
enum { COEXIST_DESCRIPTORS_MAX = 32, COEXIST_DESCRIPTOR_CODE = 16 };
extern struct coexist_descriptor coexist_descriptors[COEXIST_DESCRIPTORS_MAX];
// Does the object read variables through descriptors?
int coexist_descriptors_in(uint64_t map);
// From now on they give the block of the context that the thread has entered by hand. 0: some
// cannot. The module stays loaded meanwhile, and is relocated.
int coexist_descriptors_follow(uint64_t map, uint64_t module, uint64_t size, uint64_t generation);
typedef void (*coexist_tls_visit)(const struct coexist_tls_facts *facts);
// Calls visit for each object of the program's namespace with a PT_TLS. Takes the loader's lock.
void coexist_tls_scan(coexist_tls_visit visit);
// Calls it while nobody looks through the objects: an address that was free a moment ago may hold a
// new object, which its own thread takes for the one that was there.
void coexist_tls_undisturbed(void (*function)(void));
// Does the object refer to one of these names, which ends with 0?
int coexist_object_imports(uint64_t map, const char *const *names);
// Holds the module of this link map loaded until coexist_tls_unpin; NULL when it is gone.
void *coexist_tls_pin(uint64_t module, uint64_t map);
void coexist_tls_unpin(void *pin);
// The function of a name that the caller means: its own object's, else the first that is not ours.
uint64_t coexist_object_defining(const char *name, uint64_t caller, uint64_t ours);

// The link map of the first object whose file makes the runtime, 0 = none. Takes the loader's lock.
uint64_t coexist_object_loaded(const struct coexist_catalogue_entry *entry);

// Reads count variables as the configuration has them; entries has room for one more, the end.
void coexist_manifest_read(const char (*given)[COEXIST_SYMBOL_MAX], uint32_t count,
                           struct coexist_manifest_entry *entries,
                           char (*symbols)[COEXIST_SYMBOL_MAX]);
// Those of the configuration's first [[tls]] for the library; NULL = it names none. The list is
// the next call's, too.
const struct coexist_manifest_entry *coexist_manifest_configured(const char *library);
// Why a manifest does not fit the object's file.
enum coexist_manifest_trouble {
  COEXIST_MANIFEST_MISSING = 1,   // it has no variable of this name
  COEXIST_MANIFEST_LONG = 2,      // more bytes are named than the variable has
  COEXIST_MANIFEST_OVERLAPS = 3,  // two entries cover the same bytes
  COEXIST_MANIFEST_ROOM = 4,      // there is no room for them
};
struct coexist_manifest_fault {
  const char *symbol, *other;  // other: the one that it overlaps
  uint64_t bytes;              // that the variable has
  uint32_t trouble;            // enum coexist_manifest_trouble
};
// Fills ranges, sorted, joined, in whole words, with the entries' places in the object's file.
// Returns their number; -1 = they do not fit, and why.
int coexist_manifest_ranges(uint64_t map, const struct coexist_manifest_entry *entries,
                            struct coexist_tls_range *ranges, int room,
                            struct coexist_manifest_fault *fault);

struct coexist_key {
  uint64_t made_by[3];  // &key, destructor, return address: any of them tells whose it is
  void (*destructor)(void *);
  uint32_t used;
  uint32_t of_guest;    // 0 = not looked at, 1 = the thread's, 2 = the context's
};

struct coexist_mapping {
  uint64_t low, high, caller;
};

// What coexist_module_policy asked for a library (a pattern on its SONAME).
enum { COEXIST_TLS_WISHES_MAX = 64 };
struct coexist_tls_wish {
  uint32_t policy;  // 0 = free
  char library[60];
};

extern struct coexist_copied coexist_copied[COEXIST_COPIED_MAX];
extern uint32_t coexist_copied_count;  // (atomic)
extern struct coexist_task_bucket coexist_tasks[COEXIST_TASK_BUCKETS];
extern struct coexist_tls_wish coexist_tls_wishes[COEXIST_TLS_WISHES_MAX];
extern uint32_t coexist_tls_active;  // (atomic) contexts exist, or may
extern uint64_t coexist_tls_contexts;       // (atomic) newest slab of contexts
extern uint64_t coexist_tls_contexts_free;  // (atomic) head of the free ones, with a counter
extern uint64_t coexist_tls_pools[COEXIST_TLS_POOLS];
// (atomic) Grows when a module comes or changes its policy. Exported: coexist.h compares it.
extern uint32_t coexist_plans_1;
extern uint32_t coexist_tls_unfinished;  // (atomic) a look came too early for a dlopen
extern uint32_t coexist_tls_proxies;  // (atomic) a module has the policy "proxy"
extern uint32_t coexist_tls_lends;    // (atomic) a module has the policy "register"
extern uint32_t coexist_tls_tables_lock;  // (atomic) somebody walks or frees contexts' tables
extern uint64_t coexist_tls_stacks[];
extern struct coexist_key coexist_tls_keys[COEXIST_TLS_KEYS_MAX];
extern struct coexist_mapping coexist_tls_mappings[COEXIST_TLS_MAPPINGS];
extern uint64_t coexist_tls_mappings_next;  // (atomic)
// (atomic) Where a runtime's own stack was found last: COEXIST_TLS_MAPPINGS times how many mappings
// there had been, and its slot.
extern uint64_t coexist_tls_own_mapping;
extern struct coexist_blocks coexist_tls_no_blocks;
extern void *(*coexist_real_tls_get_addr)(void *);
extern _Thread_local struct coexist_tls_self coexist_tls_self
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

COEXIST_INITIAL_EXEC_BEGIN
static inline struct coexist_tls_self *coexist_tls_me(void) COEXIST_SIGSAFE {
  return &coexist_tls_self;
}
// A handler may look at another stack between any two of these stores, and remember that one. Then
// sizes and stack may not fit each other: for a context `low` is compared again at each use, and
// here the last look says so.
static inline void coexist_tls_remember(struct coexist_tls_self *self, uint64_t low,
                                        uint64_t native_size, struct coexist_context *context,
                                        uint64_t size) COEXIST_SIGSAFE {
  volatile struct coexist_tls_self *me = self;
  me->size = 0;
  me->native_size = 0;
  me->low = low;
  me->native_size = 0;
  me->context = context;
  me->size = size;
  me->native_size = native_size;
  if (me->low != low) me->size = 0, me->native_size = 0;
}
// On its own thread, or held there by the record. The next access looks at the stack pointer.
static inline void coexist_tls_wake(struct coexist_tls_self *self) {
  if (__atomic_load_n(&self->native_size, __ATOMIC_RELAXED) == COEXIST_TLS_EVERYWHERE)
    __atomic_store_n(&self->native_size, 0, __ATOMIC_RELAXED);
}
static inline struct coexist_dtv_entry *coexist_tls_dtv(void) COEXIST_SIGSAFE {
  struct coexist_dtv_entry *dtv;
  __asm__ volatile("mov %%fs:8, %0" : "=r"(dtv));
  return dtv;
}
static inline uint64_t coexist_tls_pointer(void) COEXIST_SIGSAFE {
  return (uint64_t)__builtin_thread_pointer();
}
COEXIST_INITIAL_EXEC_END
static inline struct coexist_copied *coexist_copied_at(uint32_t index) {
  return &coexist_copied[index % COEXIST_COPIED_MAX];
}
static inline uint32_t *coexist_copied_number(void) { return &coexist_copied_count; }
static inline uint8_t *coexist_copies_bytes(struct coexist_copies *copies) { return copies->bytes; }
// The thread's variables go to `save`, and those of `load` take their place.
void coexist_copies_exchange(uint8_t *save, const uint8_t *load);
static inline uint32_t *coexist_tls_activity(void) COEXIST_SIGSAFE { return &coexist_tls_active; }
static inline uint32_t *coexist_tls_proxied(void) COEXIST_SIGSAFE { return &coexist_tls_proxies; }
static inline uint32_t *coexist_tls_lending(void) COEXIST_SIGSAFE { return &coexist_tls_lends; }
static inline uint32_t *coexist_tls_modules_version(void) COEXIST_SIGSAFE {
  return &coexist_plans_1;
}
static inline uint32_t *coexist_tls_tables(void) COEXIST_SIGSAFE {
  return &coexist_tls_tables_lock;
}
static inline uint64_t *coexist_tls_slabs(void) COEXIST_SIGSAFE { return &coexist_tls_contexts; }
static inline uint64_t *coexist_tls_free(void) COEXIST_SIGSAFE {
  return &coexist_tls_contexts_free;
}
static inline uint64_t *coexist_tls_pool(uint64_t index) COEXIST_SIGSAFE {
  return &coexist_tls_pools[index % COEXIST_TLS_POOLS];
}
static inline uint64_t *coexist_tls_stack_root(uint64_t index) COEXIST_SIGSAFE {
  return &coexist_tls_stacks[index % 4096];
}
static inline struct coexist_key *coexist_tls_key(uint32_t key) COEXIST_SIGSAFE {
  return &coexist_tls_keys[key % COEXIST_TLS_KEYS_MAX];
}
static inline struct coexist_mapping *coexist_tls_mapping(uint64_t index) COEXIST_SIGSAFE {
  return &coexist_tls_mappings[index % COEXIST_TLS_MAPPINGS];
}
static inline uint64_t *coexist_tls_mappings_count(void) COEXIST_SIGSAFE {
  return &coexist_tls_mappings_next;
}
static inline uint64_t *coexist_tls_own(void) COEXIST_SIGSAFE { return &coexist_tls_own_mapping; }
static inline struct coexist_task_bucket *coexist_task_bucket(uint64_t hash) COEXIST_SIGSAFE {
  return &coexist_tasks[hash % COEXIST_TASK_BUCKETS];
}
static inline struct coexist_tls_wish *coexist_tls_wish(uint32_t index) COEXIST_SIGSAFE {
  return &coexist_tls_wishes[index % COEXIST_TLS_WISHES_MAX];
}
static inline const char *coexist_tls_wish_library(const struct coexist_tls_wish *wish)
    COEXIST_SIGSAFE {
  return wish->library;
}
static inline struct coexist_blocks *coexist_tls_empty(void) COEXIST_SIGSAFE {
  return &coexist_tls_no_blocks;
}
static inline uint64_t *coexist_blocks_at(struct coexist_blocks *blocks, uint64_t module)
    COEXIST_SIGSAFE {
  return &blocks->address[module];
}
// Address of a module's block in the thread's own storage; the loader makes it if need be.
static inline uint64_t coexist_tls_native(uint64_t module) COEXIST_SIGSAFE {
  uint64_t index[2] = {module, 0};
  typedef void *(*safe)(void *) COEXIST_SIGSAFE;
  return (uint64_t)((safe)coexist_real_tls_get_addr)(index);
}
static inline struct coexist_dtv_entry *coexist_swap_entry(struct coexist_dtv_entry *dtv,
                                                           const struct coexist_swap *swap)
    COEXIST_SIGSAFE {
  return (struct coexist_dtv_entry *)((char *)dtv + swap->place);
}
// The context's entries take the place of the thread's, and give it back.
static inline void coexist_swaps_install(struct coexist_dtv_entry *dtv, struct coexist_swap *swaps,
                                         uint64_t count) COEXIST_SIGSAFE {
  typedef uint64_t pair __attribute__((vector_size(16), aligned(8), may_alias));
  for (struct coexist_swap *swap = swaps; swap < swaps + count; swap++) {
    struct coexist_dtv_entry *entry = coexist_swap_entry(dtv, swap);
    swap->before = *entry;
    *(pair *)entry = (pair){swap->own, 0};  // stores are what it takes
  }
}
static inline void coexist_swaps_remove(struct coexist_dtv_entry *dtv, struct coexist_swap *swaps,
                                        uint64_t count) COEXIST_SIGSAFE {
  for (struct coexist_swap *swap = swaps; swap < swaps + count; swap++)
    *coexist_swap_entry(dtv, swap) = swap->before;
}
// A block is what its module begins with, then zeros. Blocks are small as a rule: `rep movsb` is
// slow to begin, and what compilers make of a loop of unknown length is, too.
static inline void coexist_tls_fill(void *to, const void *from, uint64_t image, uint64_t size) {
  typedef uint64_t word __attribute__((aligned(1), may_alias));
  typedef uint64_t pair __attribute__((vector_size(16), aligned(1), may_alias));
  char *next = to, *end = next + size;
  const char *source = from;
  if (size > 256) {
    coexist_copy(next, source, image);
    next += image, size -= image, image = 0;
    __asm__ volatile("rep stosb" : "+D"(next), "+c"(size) : "a"(0) : "memory");
  }
#pragma clang loop unroll(disable) vectorize(disable)
  for (; image >= 16; image -= 16, next += 16, source += 16) *(pair *)next = *(const pair *)source;
#pragma clang loop unroll(disable) vectorize(disable)
  for (; image > 0; image--) *next++ = *source++;
#pragma clang loop unroll(disable) vectorize(disable)
  for (; end - next >= 8; next += 8) *(word *)next = 0;
#pragma clang loop unroll(disable) vectorize(disable)
  for (; next < end; next++) *next = 0;
}
// Memory that is never given back; NULL when there is none.
void *coexist_tls_map(uint64_t size) COEXIST_SIGSAFE;
