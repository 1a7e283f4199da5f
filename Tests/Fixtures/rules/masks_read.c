// In a handler pthread_sigmask reads the mask that the kernel would show without coexist, the fault
// signals included (SBCL checks it and gives up otherwise: interrupt.c assert_blockables_blocked).
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

int main(void) {
  struct guest *a = alpha(), *b = beta();
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGBUS), sigaddset(&mask, SIGUSR1);
  b->install(SIGSEGV, SA_SIGINFO);
  a->install_mask(SIGSEGV, SA_SIGINFO, mask);
  a->poke(NOWHERE);
  CHECK_EQ(a->libc_mask, BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGUSR1));
  sigset_t block, now;
  sigemptyset(&block);
  sigaddset(&block, SIGSEGV);
  CHECK_EQ(sigprocmask(SIG_BLOCK, &block, 0), 0);
  CHECK_EQ(sigprocmask(SIG_BLOCK, 0, &now), 0);
  CHECK(sigismember(&now, SIGSEGV));  // as asked for, and yet:
  a->poke(NOWHERE);
  b->poke(NOWHERE);
  CHECK_EQ(a->asked, 2);
  CHECK(sigismember(&a->context.uc_sigmask, SIGSEGV));
}
