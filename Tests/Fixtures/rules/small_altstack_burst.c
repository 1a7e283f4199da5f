// .NET gives its threads an alternate stack of 16 KiB whose lowest page is closed (pal/src/thread/
// thread.cpp EnsureSignalAlternateStack), Lean one of 8 KiB. Several signals in a row must not lie
// there one below the other: with AVX-512 a frame has 3 KiB, and when one does not fit the kernel
// sends SIGSEGV. Neither handlers without SA_ONSTACK do, nor those with
// it of another runtime, which has asked for no alternate stack.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// library: delta = guests/guest.c
// run: without
// run: with
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

enum { COUNT = 7 };  // of different numbers: each interrupts the one before it

int main(int count, char **words) {
  int flag = count == 2 && strcmp(words[1], "with") == 0 ? SA_ONSTACK : 0;
  struct guest *owner = alpha(), *guest = beta(), *other = delta();
  char *low = owner->map(16384, PROT_READ | PROT_WRITE);
  owner->protect(low, 4096, PROT_NONE);
  stack_t stack = {.ss_sp = low, .ss_size = 16384};
  owner->install(SIGUSR2, SA_SIGINFO);  // parties, whose requests are their own
  other->install(SIGUSR1, SA_SIGINFO);
  CHECK_EQ(owner->altstack(&stack, 0), 0);
  guest->answer = RETURN;
  sigset_t all;
  sigemptyset(&all);
  for (int n = 0; n < COUNT; n++) {
    guest->install(SIGRTMIN + n, SA_SIGINFO | SA_RESTART | flag);
    other->found.sa_handler = SIG_IGN;
    other->restore(SIGRTMIN + n);  // so that the dispatcher takes it
    sigaddset(&all, SIGRTMIN + n);
  }
  for (int round = 1; round <= 20; round++) {
    CHECK_EQ(sigprocmask(SIG_BLOCK, &all, 0), 0);
    for (int n = 0; n < COUNT; n++) CHECK_EQ(raise(SIGRTMIN + n), 0);
    CHECK_EQ(sigprocmask(SIG_UNBLOCK, &all, 0), 0);
    CHECK_EQ(guest->asked, COUNT * round);
    CHECK(guest->stack < low || guest->stack >= low + 16384);
  }
}
