// Runtime containers: a library with its private dependencies in a namespace of its own, sharing
// one libc, loader, maths library and unwinder with the process. Header only: the names are weak,
// so the program runs, without containers, where libcoexist.so is not preloaded.
//
//   coexist_container python;
//   struct coexist_container_options options = {.library = "libpython3.12.so.1.0"};
//   if (coexist_containers_available() &&
//       coexist_container_open(&options, &python, error, sizeof error) == 0) {
//     void (*start)(void) = coexist_container_lookup(python, "Py_Initialize");
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint64_t coexist_container;  // never reused; 0 = none

enum coexist_container_isolation_level {
  COEXIST_CONTAINER_NAMESPACE = 0,  // a link namespace of its own; glibc has 15
  COEXIST_CONTAINER_SCOPE = 1,      // private copies in the program's namespace; no such limit
};

enum coexist_container_flags {
  // Load private copies of files that glibc would never unload (UNIQUE symbols, NODELETE).
  COEXIST_CONTAINER_COPIES = 1,
  COEXIST_CONTAINER_LAZY = 2,       // RTLD_LAZY instead of RTLD_NOW
};

// Zero in any field means its default. New fields come at the end.
struct coexist_container_options {
  const char *library;           // as for dlopen(3)
  const char *name;              // for people; default: the library's file name
  const char *const *extra;      // at most 32 libraries, in its global scope before `library`
  uint32_t extra_count;
  uint32_t isolation;            // enum coexist_container_isolation_level
  uint32_t flags;                // enum coexist_container_flags
  uint32_t close_timeout_ms;     // how long close waits for the container's threads; default 1000
  const char *const *share;      // at most 16 SONAMEs from the process, besides libc's family
  uint32_t share_count;
};

struct coexist_container_info {
  coexist_container container;
  char name[32];
  char library[128];
  uint32_t state;                // enum coexist_container_state of <ccoexist/state.h>
  uint32_t threads;              // living threads that began inside
  uint32_t destructors;          // pending thread_local destructors of it
  int32_t space;                 // Lmid_t
};

#ifndef COEXIST_CONTAINER_API
#define COEXIST_CONTAINER_API __attribute__((weak))
#endif

// Each returns 0, or -1 with errno set and one sentence in error (may be NULL). EINVAL: there is no
// such thing to ask for. EAGAIN: no room beside the others. ENOEXEC: the library cannot be in one.
COEXIST_CONTAINER_API int coexist_container_open(const struct coexist_container_options *options,
                                                 coexist_container *container, char *error,
                                                 size_t error_size);
// EBUSY: somebody still uses it; error says who, and the container goes on.
COEXIST_CONTAINER_API int coexist_container_close(coexist_container container, char *error,
                                                  size_t error_size);
// Later dlopen calls from inside fail.
COEXIST_CONTAINER_API int coexist_container_seal(coexist_container container);
// A symbol of the container's global scope; NULL = none.
COEXIST_CONTAINER_API void *coexist_container_lookup(coexist_container container,
                                                     const char *symbol);
// What dlopen would have returned for `library`: for dlsym, dlinfo, and dlclose, which closes.
COEXIST_CONTAINER_API void *coexist_container_handle(coexist_container container);
// From now on dlopen of a file whose name matches the shell pattern is answered from a container,
// as [[container]] of the configuration says it; options->library is not used.
COEXIST_CONTAINER_API int coexist_container_match(const char *pattern,
                                                  const struct coexist_container_options *options);
// Fills at most max elements; returns how many containers there are.
COEXIST_CONTAINER_API int coexist_container_list(struct coexist_container_info *list, int max);

#ifndef COEXIST_CONTAINER_IMPLEMENTATION
static inline int coexist_containers_available(void) { return coexist_container_open != 0; }
#endif

#ifdef __cplusplus
}
#endif
