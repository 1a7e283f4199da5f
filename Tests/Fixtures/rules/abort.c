// abort() next to two SIGABRT handlers: both are asked, then the process dies of SIGABRT.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// run: reset raise
// run: call_old reset
// run: previous previous
// run: claim reset
// ends: SIGABRT
#include "guests/guest.h"
#include "support/check.h"

static struct guest *a, *b;
static void check_order(void) { CHECK_EQ(b->asked, 1); }

int main(int count, char **arguments) {
  CHECK_EQ(count, 3);
  a = alpha(), b = beta();
  a->install(SIGABRT, SA_SIGINFO);
  b->install(SIGABRT, SA_SIGINFO | SA_NODEFER);
  a->answer = answer_named(arguments[1]), b->answer = answer_named(arguments[2]);
  a->inside = check_order;
  abort();
}
