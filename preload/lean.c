// Lean 4's pool grows by one thread for each of its own that waits for a task of Lean's. One that
// waits for somebody else's task is made to look the same: it waits for a promise. Source: lean4
// src/runtime/object.cpp (task_manager::wait_for, lean_promise_new); libleanshared.so 4.35.
#include "preload.h"

#include <ccoexist/catalogue.h>
#include <ccoexist/elf.h>
#include <sched.h>

#include "start.h"

struct promise {
  int32_t count;
  uint16_t size;
  uint8_t other, tag;
  void *task;
};
enum { PROMISE = 0xF4 };
typedef struct promise *new_function(void *world);
typedef void *resolve_function(void *value, struct promise *promise);
typedef void *get_function(void *task);
typedef void free_function(struct promise *promise);

struct lent {
  void (*wait)(void *, void *);
  void *first, *second;
  struct promise *promise;
  resolve_function *resolve;
  uint32_t done;
};

static void *keeps(void *argument) {
  struct lent *lent = argument;
  lent->wait(lent->first, lent->second);
  lent->resolve((void *)1, lent->promise);
  __atomic_store_n(&lent->done, 1, __ATOMIC_RELEASE);  // the frame that holds it may go
  return NULL;
}

// Runtimes that count the references of what one thread alone has without atomic operations.
EXPORT int coexist_share(const char *runtime, void *object) {
  if (!coexist_ready()) return 0;
  uint64_t base = coexist_core_runtime_base(runtime);
  uint64_t map = base != 0 ? coexist_object_at(base).map : 0;
  const char *name = coexist_catalogue_share(runtime);
  void (*mark)(void *) =
      map != 0 && name != NULL ? (void (*)(void *))coexist_object_symbol(map, name) : NULL;
  if (mark == NULL) return ENOENT;
  mark(object);
  return 0;
}

int coexist_lean_wait(void (*wait)(void *, void *), void *first, void *second) {
  uint64_t base = coexist_core_maker_base();
  uint64_t map = base != 0 ? coexist_object_at(base).map : 0;
  if (map == 0) return 0;
  new_function *make = (new_function *)coexist_object_symbol(map, "lean_io_promise_new");
  resolve_function *resolve =
      (resolve_function *)coexist_object_symbol(map, "lean_io_promise_resolve");
  get_function *get = (get_function *)coexist_object_symbol(map, "lean_task_get");
  free_function *drop = (free_function *)coexist_object_symbol(map, "lean_dec_ref_cold");
  if (make == NULL || resolve == NULL || get == NULL || drop == NULL) return 0;
  // Older ones take and return the world with it.
  struct promise *promise = make((void *)1);
  if (promise->tag != PROMISE) return 0;
  struct lent lent = {wait, first, second, promise, resolve, 0};
  int error = coexist_add_thread(keeps, &lent, (void *)base);
  if (error == 0) {
    get(promise->task);
    while (!__atomic_load_n(&lent.done, __ATOMIC_ACQUIRE)) sched_yield();
  }
  drop(promise);
  return error == 0;
}
