// SA_RESETHAND next to another runtime: the handler runs once, reads SIG_DFL with its flags kept
// while it runs, and afterwards only the other one is left.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

static struct guest *a, *b;
static void check_inside(void) { CHECK_EQ(a->query(SIGSEGV).sa_handler, SIG_DFL); }

int main(void) {
  a = alpha(), b = beta();
  b->install(SIGSEGV, SA_SIGINFO);
  a->install(SIGSEGV, SA_SIGINFO | SA_RESETHAND);
  a->inside = check_inside;
  CHECK_EQ(a->query(SIGSEGV).sa_sigaction, a->handler);
  a->poke(NOWHERE);
  CHECK_EQ(a->asked, 1);
  CHECK_EQ(b->asked, 0);
  CHECK_EQ(a->query(SIGSEGV).sa_handler, SIG_DFL);
  CHECK_EQ((unsigned)a->query(SIGSEGV).sa_flags, SA_SIGINFO | SA_RESETHAND | 0x04000000);
  a->poke(NOWHERE);
  CHECK_EQ(a->asked, 1);
  CHECK_EQ(b->asked, 1);
  b->poke(NOWHERE);
  CHECK_EQ(b->asked, 2);
}
