// oldact is the caller's own previous action, or SIG_DFL the first time, whoever else is there; for
// the program, for libraries, by sigaction and by signal().
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/kernel.h"

static void one(int s) { (void)s; }
static void two(int s) { (void)s; }

int main(void) {
  struct guest *a = alpha(), *b = beta();
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR2);
  a->install_mask(SIGSEGV, SA_SIGINFO | SA_RESTART, mask);
  CHECK_EQ(a->found.sa_handler, SIG_DFL);
  b->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  CHECK_EQ(b->found.sa_handler, SIG_DFL);
  CHECK_EQ(b->found.sa_flags, 0);
  CHECK_EQ(signal(SIGSEGV, one), SIG_DFL);
  CHECK_EQ(signal(SIGSEGV, two), one);
  struct sigaction old;
  CHECK_EQ(sigaction(SIGSEGV, 0, &old), 0);
  CHECK_EQ(old.sa_handler, two);
  CHECK_EQ((unsigned)old.sa_flags, SA_RESTART | 0x04000000);

  a->install(SIGSEGV, SA_SIGINFO);  // again: finds its own
  CHECK_EQ(a->found.sa_sigaction, a->handler);
  CHECK_EQ((unsigned)a->found.sa_flags, SA_SIGINFO | SA_RESTART | 0x04000000);
  CHECK_EQ(word_of(&a->found.sa_mask), BIT(SIGUSR2));
  b->install(SIGSEGV, SA_SIGINFO);
  CHECK_EQ(b->found.sa_sigaction, b->handler);
  CHECK_EQ((unsigned)b->found.sa_flags, SA_SIGINFO | SA_ONSTACK | 0x04000000);
  CHECK_EQ(signal(SIGSEGV, SIG_IGN), two);
  CHECK_EQ(signal(SIGSEGV, SIG_DFL), SIG_IGN);
  CHECK_EQ(b->query(SIGSEGV).sa_sigaction, b->handler);
}
