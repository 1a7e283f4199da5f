// 100 000 installations next to another party: records of actions do not run out.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// times: 5
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *a = alpha(), *b = beta();
  b->install(SIGSEGV, SA_SIGINFO);
  for (int n = 1; n <= 50000; n++) {
    a->install(SIGSEGV, SA_SIGINFO | (n & 1 ? SA_ONSTACK : 0));
    if (n % 100 == 0) {
      a->poke(NOWHERE), b->poke(NOWHERE);
      CHECK_EQ(a->asked, n / 100);
      CHECK_EQ(b->asked, n / 100);
    }
    a->remove(SIGSEGV);
  }
}
