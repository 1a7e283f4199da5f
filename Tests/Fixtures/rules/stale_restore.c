// Writing back what was found before others came (faulthandler.disable(), jpype#1261) takes away
// only the restorer's own handler.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// library: delta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *a = alpha(), *b = beta(), *d = delta();
  a->install(SIGSEGV, SA_SIGINFO);
  b->install(SIGSEGV, SA_SIGINFO);
  d->install(SIGSEGV, SA_SIGINFO);
  a->restore(SIGSEGV);
  CHECK_EQ(a->query(SIGSEGV).sa_handler, SIG_DFL);
  b->poke(NOWHERE);
  d->poke(NOWHERE);
  CHECK_EQ(b->asked, 1);
  CHECK_EQ(d->asked, 1);
  a->poke(NOWHERE);  // somebody else's now: the last installer's
  CHECK_EQ(a->asked, 0);
  CHECK_EQ(d->asked, 2);
  d->restore(SIGSEGV);
  a->poke(NOWHERE);
  CHECK_EQ(b->asked, 2);
}
