// coexist: contexts by hand, for hosts that move work between OS threads.
//
// A context is one logical instance of the thread-local state of every guest library in the
// process. Enter it on any thread, call guests, leave it; their `__thread` variables, pthread keys
// and thread_local objects follow. Header only: without libcoexist.so preloaded each call does
// nothing, and contexts are NULL.
#ifndef COEXIST_H
#define COEXIST_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct coexist_context *coexist_context_t;

// What happens to a library's thread-local state. Libraries by SONAME; a last `*` matches any rest.
enum {
  COEXIST_MODULE_NATIVE = 1,   // belongs to the OS thread
  COEXIST_MODULE_CONTEXT = 2,  // each context has its own
  COEXIST_MODULE_COPY = 3,     // exchanged at each switch: for initial-exec code without pointers
  COEXIST_MODULE_ENTERED = 4,  // its own in contexts entered by hand, the thread's on fibers
  COEXIST_MODULE_PROXY = 5,    // coexist_call runs on an OS thread of the context's own
  COEXIST_MODULE_REGISTER = 6, // coexist_call runs with an FS register of the context's own
};

#if defined(__GNUC__) && !defined(COEXIST_IMPLEMENTATION)
#define COEXIST_WEAK __attribute__((weak))
#else
#define COEXIST_WEAK
#endif

// All return 0, or a positive errno value.
//   enter    EBUSY   another thread is inside, or this one
//   leave    EPERM   it is not the innermost context of this thread
//   destroy  EBUSY   somebody is inside. Runs thread_local destructors, then those of keys
//   policy   EINVAL, EOPNOTSUPP: the library's code cannot be served so. For contexts made later
extern coexist_context_t coexist_context_create(void) COEXIST_WEAK;  // NULL = no memory
extern int coexist_context_enter(coexist_context_t context) COEXIST_WEAK;
extern int coexist_context_leave(coexist_context_t context) COEXIST_WEAK;
extern int coexist_context_destroy(coexist_context_t context) COEXIST_WEAK;
extern coexist_context_t coexist_context_current(void) COEXIST_WEAK;
extern int coexist_module_policy(const char *library, int policy) COEXIST_WEAK;
extern const char *coexist_version(void) COEXIST_WEAK;

// ---- Entered again by the thread that entered it last: inline ----
//
// What enter and leave do then costs less than to call them. The names end with the layout's
// number: a library with another layout does not export coexist_plans_1, and is called.
#if defined(__GNUC__) && defined(__x86_64__)
#define COEXIST_INLINE 1
// Offsets are in coexist_enter_1 and coexist_leave_1; preload/fiber.c compares them.
struct coexist_self_1 {
  unsigned long low, native_size, size;
  void *context;
  coexist_context_t entered;
};
// Of contexts with one module whose block no allocator has aligned: then the value alone tells
// whether the vector holds what it held before.
struct coexist_plan_1 {
  void *unused[3];
  unsigned long base;  // FS base of the thread that may, until another thread enters it
  struct coexist_self_1 *self, *inside;
  unsigned version, count;
  unsigned long own, place, value, to_free;  // what the thread's vector holds, and held before
};
extern unsigned coexist_plans_1 COEXIST_WEAK;

// Both: -1 = not so; the library decides. In assembly, because the order matters: a handler may
// interrupt it anywhere, and other threads look at `inside`. What a step depends on is compared,
// not copied: a comparison is predicted, a copy is waited for.
static inline int coexist_enter_1(coexist_context_t context) {
  struct coexist_plan_1 *plan = (struct coexist_plan_1 *)context;
  __asm__ goto(
      "mov %%fs:0, %%rax\n\t"
      "cmp 24(%0), %%rax\n\t"  // base
      "jne %l[slowly]\n\t"
      "mov 32(%0), %%rdx\n\t"  // self
      "mov %1, %%ecx\n\t"
      "cmp 48(%0), %%ecx\n\t"  // version
      "jne %l[slowly]\n\t"
      "cmpq $0, 32(%%rdx)\n\t"  // entered: from here on a handler sees that it is
      "jne %l[slowly]\n\t"
      "mov %0, 32(%%rdx)\n\t"
      "mov %%rdx, 40(%0)\n\t"  // inside
      "cmp 24(%0), %%rax\n\t"
      "jne %l[late]\n\t"
      "cmpq $0, 16(%%rdx)\n\t"  // size: a fiber's state may be meant
      "jne %l[late]\n\t"
      "mov %%fs:8, %%rax\n\t"
      "mov 64(%0), %%rcx\n\t"  // place
      "mov (%%rax,%%rcx), %%r8\n\t"
      "cmp 72(%0), %%r8\n\t"  // value
      "jne %l[late]\n\t"
      "movq 56(%0), %%xmm0\n\t"  // own, and 0: at its end a thread frees what stands there
      "movups %%xmm0, (%%rax,%%rcx)\n\t"
      :
      : "r"(context), "m"(coexist_plans_1)
      : "rax", "rcx", "rdx", "r8", "xmm0", "cc", "memory"
      : slowly, late);
  return 0;
late:
  __atomic_store_n(&plan->inside, (struct coexist_self_1 *)0, __ATOMIC_RELEASE);
  __atomic_store_n(&plan->self->entered, (coexist_context_t)0, __ATOMIC_RELAXED);
slowly:
  return -1;
}
static inline int coexist_leave_1(coexist_context_t context) {
  __asm__ goto(
      "mov %%fs:0, %%rax\n\t"
      "cmp 24(%0), %%rax\n\t"
      "jne %l[slowly]\n\t"
      "mov 32(%0), %%rdx\n\t"
      "cmp %0, 32(%%rdx)\n\t"
      "jne %l[slowly]\n\t"
      "cmpl $0, 48(%0)\n\t"  // 0: more than this is to be put back
      "je %l[slowly]\n\t"
      "mov %%fs:8, %%rax\n\t"
      "mov 64(%0), %%rcx\n\t"
      "movups 72(%0), %%xmm0\n\t"
      "movups %%xmm0, (%%rax,%%rcx)\n\t"
      "movq $0, 40(%0)\n\t"
      "movq $0, 32(%%rdx)\n\t"
      :
      : "r"(context)
      : "rax", "rcx", "rdx", "xmm0", "cc", "memory"
      : slowly);
  return 0;
slowly:
  return -1;
}
#endif

// Enters the context, runs function(argument) on the context's own stack (made at its first call,
// at least stack_size bytes and a guard page), leaves. An exception that would leave the function
// ends the program (std::terminate), as on a thread. Who leaves it by longjmp must leave the
// context by hand. The stack's pages cost memory once they are used, so it may be large; libc tells
// its bounds (pthread_getattr_np), by which runtimes find their overflow: Lean 4 says so and
// aborts.
extern int coexist_call(coexist_context_t context, size_t stack_size, void *(*function)(void *),
                        void *argument, void **result) COEXIST_WEAK;

// The border at which an object goes to another thread: a runtime that counts references without
// atomic operations while one thread alone has the object must be told, by that thread, before. So
// does Lean 4 (lean_mark_mt, for everything that the object leads to). runtime: "lean". 0, or
// ENOENT: it is not in the process, or does not need it.
extern int coexist_share(const char *runtime, void *object) COEXIST_WEAK;

// ---- Pins: what a collector must not free, although it cannot see who holds it ----
//
// For objects of Boehm's collector, and what is on it, and of Ruby's, which do not move. Any
// thread, any signal handler; neither locks nor allocates, but for the first pin of all. OCaml 4
// moves objects: pin with its lock held, and ask coexist_pinned for the value again each time after
// the lock was given up or OCaml may have allocated.

typedef struct coexist_pin_t {
  void *place;         // NULL = nothing is held
  const void *object;
} coexist_pin_t;

// add: place NULL = no object was given, or there is no memory. remove: 0, or EINVAL: it is not
// held any more.
extern coexist_pin_t coexist_pin_add(const void *object) COEXIST_WEAK;
extern int coexist_pin_remove(coexist_pin_t pin) COEXIST_WEAK;
// Where the object is now.
extern const void *coexist_pin_object(coexist_pin_t pin) COEXIST_WEAK;
// Memory of which any word may point to an object, until it is removed by its start. 0, EINVAL
// (none, or not known), ENOMEM (more than 4 096).
extern int coexist_region_add(void *low, size_t size) COEXIST_WEAK;
extern int coexist_region_remove(const void *low) COEXIST_WEAK;

// What a collector must look at besides what it knows. With COEXIST_ROOTS_STACKS all other threads
// stand still meanwhile: the visitor takes no lock and allocates nothing.
enum {
  COEXIST_ROOTS_PINS = 1,      // pins and regions
  COEXIST_ROOTS_CONTEXTS = 2,  // stacks of fibers, thread-local blocks of contexts
  COEXIST_ROOTS_STACKS = 4,    // of all threads, and their registers
};
typedef void (*coexist_roots_visit)(const void *low, const void *high, void *argument);
extern int coexist_roots_each(unsigned which, coexist_roots_visit visit, void *argument)
    COEXIST_WEAK;

#if !defined(COEXIST_IMPLEMENTATION)
static inline int coexist_present(void) { return coexist_version != 0; }
static inline coexist_context_t coexist_create(void) {
  return coexist_context_create ? coexist_context_create() : 0;
}
static inline int coexist_enter(coexist_context_t context) {
  if (context == 0) return 0;  // as without coexist
#ifdef COEXIST_INLINE
  if (__builtin_expect(&coexist_plans_1 != 0, 1) && coexist_enter_1(context) == 0) return 0;
#endif
  return coexist_context_enter(context);
}
static inline int coexist_leave(coexist_context_t context) {
  if (context == 0) return 0;
#ifdef COEXIST_INLINE
  if (__builtin_expect(&coexist_plans_1 != 0, 1) && coexist_leave_1(context) == 0) return 0;
#endif
  return coexist_context_leave(context);
}
static inline int coexist_destroy(coexist_context_t context) {
  return coexist_context_destroy ? coexist_context_destroy(context) : 0;
}
static inline coexist_context_t coexist_current(void) {
  return coexist_context_current ? coexist_context_current() : 0;
}
static inline int coexist_policy(const char *library, int policy) {
  return coexist_module_policy ? coexist_module_policy(library, policy) : 0;
}
static inline coexist_pin_t coexist_pin(const void *object) {
  coexist_pin_t none = {0, 0};
  return coexist_pin_add ? coexist_pin_add(object) : none;
}
static inline int coexist_unpin(coexist_pin_t pin) {
  return coexist_pin_remove ? coexist_pin_remove(pin) : 0;
}
static inline const void *coexist_pinned(coexist_pin_t pin) {
  return coexist_pin_object ? coexist_pin_object(pin) : pin.object;
}
static inline int coexist_region(void *low, size_t size) {
  return coexist_region_add ? coexist_region_add(low, size) : 0;
}
static inline int coexist_region_end(const void *low) {
  return coexist_region_remove ? coexist_region_remove(low) : 0;
}
// Up to here the object is in a register or on the stack, whatever the optimiser thinks.
static inline void coexist_keep_alive(const void *object) {
  __asm__ volatile("" : : "r"(object) : "memory");
}
static inline void coexist_unpin_scoped(const coexist_pin_t *pin) { (void)coexist_unpin(*pin); }
// Pinned until the block ends: COEXIST_PINNED(name, object);
#define COEXIST_PINNED(name, object) \
  __attribute__((cleanup(coexist_unpin_scoped))) coexist_pin_t name = coexist_pin(object)
#endif

#ifdef __cplusplus
}
#endif
#endif
