// bindings/lean: Lean code that recurses deeply, on a thread of its host's. What Lean's compiler
// emits for it is played here, since the wheel has no lean.h; the calls are declared as it declares
// them (emitted.h, out of its own output). Bare, the recursion ends the process.
#include <pthread.h>
#include <stdio.h>

#include "guests.h"


// As Lean's compiler makes a closure of `fun _ => counts 1000000`; a count of 0: it is never freed.
static lean_object *counts(lean_object *unit) {
  (void)unit;
  return (lean_object *)(uintptr_t)(lean_counts(1000000) << 1 | 1);
}
static struct {
  int count;
  uint16_t size;
  uint8_t other, tag;
  void *function;
  uint16_t arity, fixed;
} closure = {0, 0, 0, 245, counts, 1, 0};

static void *on_thread(void *unused) {
  (void)unused;
  lean_object *result = coexist_lean_on_stack((size_t)1 << 30, (lean_object *)&closure);
  printf("under coexist: %d\n", coexist_lean_present((lean_object *)1));
  printf("a million calls deep, on a thread: %ld\n", (long)((uintptr_t)result >> 1));
  return NULL;
}

int main(void) {
  pthread_t thread;
  if (!lean_start() || pthread_create(&thread, NULL, on_thread, NULL) != 0) return 1;
  pthread_join(thread, NULL);
  return 0;
}
