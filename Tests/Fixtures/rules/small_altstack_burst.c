// .NET gives its threads an alternate stack of 16 KiB whose lowest page is closed (pal/src/thread/
// thread.cpp EnsureSignalAlternateStack), and handlers that do not run on it. The dispatcher enters
// there, but several signals in a row must not lie there one below the other: with AVX-512 a frame
// has 3 KiB, and the fourth would not fit, for which the kernel sends SIGSEGV.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

enum { COUNT = 7 };  // of different numbers: each interrupts the one before it

int main(void) {
  struct guest *a = alpha(), *b = beta();
  char *low = a->map(16384, PROT_READ | PROT_WRITE);
  a->protect(low, 4096, PROT_NONE);
  stack_t stack = {.ss_sp = low, .ss_size = 16384};
  CHECK_EQ(a->altstack(&stack, 0), 0);
  a->answer = b->answer = RETURN;
  sigset_t all;
  sigemptyset(&all);
  for (int n = 0; n < COUNT; n++) {
    a->install(SIGRTMIN + n, SA_SIGINFO | SA_RESTART);
    b->install(SIGRTMIN + n, SA_SIGINFO | SA_RESTART);
    sigaddset(&all, SIGRTMIN + n);
  }
  for (int round = 1; round <= 20; round++) {
    CHECK_EQ(sigprocmask(SIG_BLOCK, &all, 0), 0);
    for (int n = 0; n < COUNT; n++) CHECK_EQ(raise(SIGRTMIN + n), 0);
    CHECK_EQ(sigprocmask(SIG_UNBLOCK, &all, 0), 0);
    CHECK_EQ(a->asked + b->asked, 2 * COUNT * round);
    char here;
    CHECK(a->stack > &here - (1 << 20) && a->stack < &here + (1 << 20));
  }
}
