// A handler that probes memory with faults of its own that it cures (HotSpot's SafeFetch): the
// nested fault is its own too, and the outer one goes on.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static struct guest *a, *b;
static int depth;
static void probe(void) {
  if (depth++ == 0) a->poke((void *)32), b->poke((void *)48);
  depth--;
}

int main(void) {
  a = alpha(), b = beta();
  a->install(SIGSEGV, SA_SIGINFO | SA_NODEFER);
  b->install(SIGSEGV, SA_SIGINFO);
  a->inside = probe;
  for (int n = 1; n <= 100; n++) {
    a->poke(NOWHERE);
    CHECK_EQ(a->asked, 2 * n);
    CHECK_EQ(b->asked, n);
  }
}
