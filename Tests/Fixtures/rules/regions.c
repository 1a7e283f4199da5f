// Two runtimes protect 6000 pages in turn, more than a table may hold: attribution may become
// coarser, but each fault in a runtime's own code still reaches it.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// times: 5
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

enum { PAGES = 6000 };

int main(void) {
  struct guest *a = alpha(), *b = beta();
  a->install(SIGSEGV, SA_SIGINFO);
  b->install(SIGSEGV, SA_SIGINFO);
  char *heap = map((size_t)PAGES * 4096, PROT_READ | PROT_WRITE);
  for (int n = 0; n < PAGES; n++) (n & 1 ? b : a)->protect(heap + n * 4096l, 4096, PROT_NONE);
  a->poke(heap + 8 * 4096l), b->poke(heap + 9 * 4096l);
  a->poke(heap + 9 * 4096l), b->poke(heap + 5000 * 4096l);
  a->poke(NOWHERE), b->poke(NOWHERE);
  CHECK_EQ(a->asked, 3);
  CHECK_EQ(b->asked, 3);
  for (int n = 0; n < PAGES; n++) a->unmap(heap + n * 4096l, 4096);
  char *again = b->map(4096, PROT_NONE);
  poke(again);
  CHECK_EQ(b->asked, 4);
}
