// Threads that OCaml's thread library was not told of, and asked for its lock all the same.
#include "preload.h"

#include <ccoexist/stacks.h>
#include <limits.h>
#include <stdlib.h>

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
struct left {
  pthread_key_t key;
  void *thread;
};
static void *bury(void *argument) {
  struct left *left = argument;
  pthread_setspecific(left->key, left->thread);
  free(left);
  coexist_ocaml.thread_unregister();
  return NULL;
}
void coexist_ocaml_unregister(uint32_t key) {
  struct left *left = malloc(sizeof *left);
  if (left == NULL) return;
  *left = (struct left){key - 1, pthread_getspecific(key - 1)};
  if (left->thread == NULL ||
      coexist_add_thread(bury, left, (void *)coexist_ocaml.low) != 0)
    free(left);
}
