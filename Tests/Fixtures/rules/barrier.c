// A write barrier next to another runtime: the handler unprotects and returns, 20 000 times at one
// instruction and address; that is never taken for a decline. In either order of installation, the
// store made by the program, by the owner, or by the other runtime.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *a = alpha(), *b = beta();
  for (int order = 0; order < 2; order++) {
    (order ? a : b)->install(SIGSEGV, SA_SIGINFO);
    (order ? b : a)->install(SIGSEGV, SA_SIGINFO);
    a->answer = UNPROTECT;
    b->answer = RESET;  // as Rust or OCaml would
    a->asked = b->asked = 0;
    char *page = a->map(4096, PROT_READ | PROT_WRITE);
    for (int n = 1; n <= 10000; n++) {
      a->protect(page, 4096, PROT_READ);
      (n % 2 ? poke : a->poke)(page + 8);
      CHECK_EQ(a->asked, n);
      CHECK_EQ(b->asked, 0);
      CHECK_EQ(page[8], 1);
      page[8] = 0;
    }
    for (int n = 1; n <= 100; n++) {
      a->protect(page, 4096, PROT_READ);
      b->poke(page + 8);
      CHECK_EQ(a->asked, 10000 + n);
    }
  }
}
