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
