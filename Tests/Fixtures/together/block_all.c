// One runtime blocks every signal on its thread (HotSpot's and Node's start-up, GHC's RTS, Go's
// needm do for a while); another one's faults there still reach it. Bare: the kernel kills.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *a = alpha(), *b = beta();
  a->install(SIGSEGV, SA_SIGINFO);
  b->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  sigset_t all, old;
  sigfillset(&all);
  CHECK_EQ(pthread_sigmask(SIG_SETMASK, &all, &old), 0);
  for (int n = 1; n <= 10; n++) {
    a->poke(NOWHERE), b->poke(NOWHERE);
    CHECK_EQ(a->asked, n);
    CHECK_EQ(b->asked, n);
  }
  CHECK_EQ(pthread_sigmask(SIG_SETMASK, &old, 0), 0);
  a->poke(NOWHERE);
}
