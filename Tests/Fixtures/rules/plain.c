// Handlers with and without SA_SIGINFO side by side; a plain one still gets the context (x86-64).
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *a = alpha(), *b = beta();
  a->install(SIGSEGV, 0);
  b->install(SIGSEGV, SA_SIGINFO);
  for (int n = 1; n <= 10; n++) {
    a->poke(NOWHERE);
    b->poke(NOWHERE);
    CHECK_EQ(a->asked, n);
    CHECK_EQ(b->asked, n);
    CHECK_EQ(REGISTER(&a->context, CR2), NOWHERE);
    CHECK_EQ(b->info.si_addr, NOWHERE);
  }
}
