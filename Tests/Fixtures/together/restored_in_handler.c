// V8 and Wasmtime put the old action back when a fault is not theirs, for the whole process; under
// coexist that is an answer to one event: their next trap works.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// run: previous
// run: reset
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  struct guest *a = alpha(), *v8 = beta();
  a->install(SIGSEGV, SA_SIGINFO);
  v8->install(SIGSEGV, SA_SIGINFO);
  for (int n = 0; n < 50; n++) {
    v8->answer = answer_named(arguments[1]);
    poke(NOWHERE);  // nobody's: v8 is asked first, alpha claims
    v8->answer = CLAIM;
    v8->poke(NOWHERE);
    CHECK_EQ(a->asked, n + 1);
    CHECK_EQ(v8->asked, 2 * n + 2);
  }
}
