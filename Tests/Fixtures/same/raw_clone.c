// Threads made by a bare clone(2) without CLONE_SETTLS share their maker's thread pointer; faults
// on them are handled all the same. Their maker waits, so that libc's thread data has one user.
// company: yes
#include <linux/futex.h>
#include <sched.h>
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

static volatile int calls;
static volatile pid_t alive;

static void handler(int s, siginfo_t *info, void *c) {
  (void)s;
  CHECK_EQ(info->si_addr, NOWHERE);
  calls++;
  REGISTER(c, RIP) += POKE_SIZE;
}

static int work(void *p) {
  (void)p;
  for (int n = 0; n < 100; n++) poke(NOWHERE);
  kernel(SYS_exit, 0, 0, 0, 0);
  return 0;
}

int main(void) {
  struct sigaction new = action(handler, SA_SIGINFO);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  char *stack = map(1 << 18, PROT_READ | PROT_WRITE);
  for (int n = 1; n <= 10; n++) {
    int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                CLONE_CHILD_CLEARTID;
    alive = 1;
    CHECK(clone(work, stack + (1 << 18), flags, 0, 0, 0, &alive) > 0);
    while (alive) kernel(SYS_futex, (long)&alive, FUTEX_WAIT, 1, 0);
    CHECK_EQ(calls, 100 * n);
  }
}
