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

// Enters the context, runs function(argument) on the context's own stack (made at its first call,
// at least stack_size bytes and a guard page), leaves. An exception that would leave the function
// ends the program (std::terminate), as on a thread. Who leaves it by longjmp must leave the
// context by hand. The stack's pages cost memory once they are used, so it may be large; libc tells
// its bounds (pthread_getattr_np), by which runtimes find their overflow: Lean 4 says so and
// aborts.
extern int coexist_call(coexist_context_t context, size_t stack_size, void *(*function)(void *),
                        void *argument, void **result) COEXIST_WEAK;

#if !defined(COEXIST_IMPLEMENTATION)
static inline int coexist_present(void) { return coexist_version != 0; }
static inline coexist_context_t coexist_create(void) {
  return coexist_context_create ? coexist_context_create() : 0;
}
static inline int coexist_enter(coexist_context_t context) {
  return coexist_context_enter ? coexist_context_enter(context) : 0;
}
static inline int coexist_leave(coexist_context_t context) {
  return coexist_context_leave ? coexist_context_leave(context) : 0;
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
#endif

#ifdef __cplusplus
}
#endif
#endif
