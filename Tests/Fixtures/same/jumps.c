// Handlers that never return: siglongjmp (with and without the mask), setcontext, swapcontext; on
// the interrupted and on the alternate stack; 1000 times each, without anything that piles up.
// company: yes
#include <setjmp.h>
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

static int how;
static sigjmp_buf back;
static ucontext_t resume, dropped;
static char stack[65536];

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i, (void)c;
  if (how == 0) siglongjmp(back, 1);
  if (how == 1) {
    sigset_t set;
    sigemptyset(&set);
    sigprocmask(SIG_SETMASK, &set, 0);
    longjmp(back, 1);
  }
  if (how == 2) setcontext(&resume);
  swapcontext(&dropped, &resume);
}

int main(void) {
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  CHECK_EQ(sigaltstack(&alternate, 0), 0);
  for (int flags = 0; flags < 4; flags++) {
    int use = (flags & 1 ? SA_ONSTACK : 0) | (flags & 2 ? SA_NODEFER : 0);
    struct sigaction new = action(handler, SA_SIGINFO | use);
    CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
    for (how = 0; how < 4; how++)
      for (volatile int n = 0; n < 1000; n++) {
        volatile int faulted = 0;
        if (how == 0 && !sigsetjmp(back, 1)) poke(NOWHERE);
        if (how == 1 && !setjmp(back)) poke(NOWHERE);
        if (how >= 2) getcontext(&resume);
        if (how >= 2 && !faulted++) poke(NOWHERE);
        CHECK_EQ(kernel_mask(), 0);
      }
  }
}
