// On an overflowed stack the first handler declines, the next one claims.
// run: reset
// run: raise
// run: requeue
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  struct guest *a = alpha(), *b = beta();
  a->install(SIGSEGV, SA_SIGINFO);
  b->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  a->answer = JUMP, b->answer = answer_named(arguments[1]);
  char start = 0;
  for (int n = 1; n <= 10; n++) {
    if (!sigsetjmp(a->back, 1)) overflow_stack(&start);
    CHECK_EQ(a->asked, n);
    CHECK_EQ(b->asked, n);
    long distance = (char *)a->info.si_addr - (char *)REGISTER(&a->context, RSP);
    CHECK(distance > -8192 && distance < 8192);
  }
}
