// One party ignores a signal, another handles it: the handler gets the faults, and the ignorer
// reads SIG_IGN back. Only ignorers: the kernel holds SIG_IGN (execve inherits it).
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

int main(void) {
  struct guest *a = alpha();
  CHECK_EQ(signal(SIGSEGV, SIG_IGN), SIG_DFL);
  CHECK_EQ(kernel_action(SIGSEGV).handler, SIG_IGN);
  a->install(SIGSEGV, SA_SIGINFO);
  a->poke(NOWHERE);
  poke(NOWHERE);
  CHECK_EQ(a->asked, 2);
  struct sigaction mine;
  CHECK_EQ(sigaction(SIGSEGV, 0, &mine), 0);
  CHECK_EQ(mine.sa_handler, SIG_IGN);
  CHECK_EQ(a->found.sa_handler, SIG_DFL);
  a->restore(SIGSEGV);
  CHECK_EQ(kernel_action(SIGSEGV).handler, SIG_IGN);
}
