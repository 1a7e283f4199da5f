// liburcu-bp calls abort(3) where mmap(2) gives no memory for its table of readers, or where
// pthread_setspecific(3) fails (urcu-bp.c, expand_arena and add_thread). A process that is short of
// memory must not end because of us: its calls come by our names, and get what is kept for them.
#include "preload.h"

#include <ccoexist/elf.h>
#include <ccoexist/rcu.h>

#include "start.h"

int coexist_rcu_asks(uint64_t caller) {
  struct coexist_object library = coexist_object_at((uint64_t)urcu_bp_synchronize_rcu);
  return library.map != 0 && caller - library.low < library.high - library.low;
}

// The first tables have a few hundred bytes; a thousand threads need 64 KiB.
void *coexist_rcu_spare(size_t size) {
  enum { PAGE = 4096, SIZE = 64 * 1024 };
  static char spare[SIZE] __attribute__((aligned(PAGE)));
  static size_t used;
  size_t whole = (size + PAGE - 1) & ~(size_t)(PAGE - 1);
  if (whole > SIZE) return MAP_FAILED;
  size_t from = __atomic_fetch_add(&used, whole, __ATOMIC_RELAXED);
  return from + whole <= SIZE ? spare + from : MAP_FAILED;
}
