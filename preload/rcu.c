// liburcu-bp calls abort(3) where mmap(2) gives no memory for its table of readers, or where
// pthread_setspecific(3) fails (urcu-bp.c, expand_arena and add_thread). A process that is short of
// memory must not end because of us: its calls come by our names, and get what is kept for them.
#include "preload.h"

#include <ccoexist/elf.h>
#include <ccoexist/rcu.h>

#include "start.h"

#include <sys/syscall.h>

// liburcu keeps all signals out until the fork is done. A child may end before that: where nobody
// has a handler the kernel drops SIGCHLD, but not if this thread blocks it. Then another one wakes,
// and gets the process's next signal (Linux kernel/signal.c, sig_ignored, complete_signal).
void coexist_rcu_before_fork(void) {
  uint64_t before = 0, child = 1ull << (SIGCHLD - 1);
  struct sigaction action;
  coexist_syscall4(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&before, sizeof before);
  urcu_bp_before_fork();
  if (before & child || coexist_real.sigaction(SIGCHLD, NULL, &action) != 0) return;
  if (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN) return;
  coexist_syscall4(SYS_rt_sigprocmask, SIG_UNBLOCK, (long)&child, 0, sizeof child);
}

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
