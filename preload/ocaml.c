// Threads that OCaml's thread library was not told of, and asked for its lock all the same.
#include "preload.h"

#include <ccoexist/stacks.h>
#include <limits.h>

#include "start.h"

// OCaml keeps a thread under a key of its own, which it tells nobody: it is the one that is filled
// by the call.
uint32_t coexist_ocaml_register(void) {
  uint8_t was_empty[PTHREAD_KEYS_MAX];
  for (uint32_t key = 0; key < PTHREAD_KEYS_MAX; key++)
    was_empty[key] = pthread_getspecific(key) == NULL;
  if (coexist_ocaml.thread_register() == 0) return 0;
  for (uint32_t key = 0; key < PTHREAD_KEYS_MAX; key++)
    if (was_empty[key] && pthread_getspecific(key) != NULL) return key + 1;
  return 0;
}

// Taking it off waits for the lock, which may be held by who waits for the end of the thread: a
// thread of ours stands in for it.
static uint32_t known_key;
static void *bury(void *thread) {
  pthread_setspecific(__atomic_load_n(&known_key, __ATOMIC_ACQUIRE) - 1, thread);
  coexist_ocaml.thread_unregister();
  return NULL;
}
void coexist_ocaml_unregister(uint32_t key) {
  void *thread = pthread_getspecific(key - 1);
  __atomic_store_n(&known_key, key, __ATOMIC_RELEASE);  // the same for all threads
  if (thread != NULL) coexist_add_thread(bury, thread, (void *)coexist_ocaml.low);
}

// pthread_atfork(3), of which each library has a copy (glibc nptl/pthread_atfork.c). OCaml's thread
// library calls it last when it starts: its hooks are set then, and ours must come in front before
// a thread that is older than it asks for the lock (st_stubs.c, caml_thread_initialize).
int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void), void *dso);
EXPORT int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void),
                             void *dso) {
  int active = coexist_ready();
  int error = coexist_real.__register_atfork(prepare, parent, child, dso);
  if (active) coexist_core_fork_prepared();
  return error;
}
