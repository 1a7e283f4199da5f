// Declines of the other fault signals: bus error, division, illegal instruction, breakpoint.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// run: reset
// run: previous
// run: by_signal
// run: raise
// run: pthread_kill
// run: tgkill
// run: kill
// run: requeue
// run: call_old
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  struct guest *a = alpha(), *b = beta();
  int signals[] = {SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  int codes[] = {BUS_ADRERR, FPE_INTDIV, ILL_ILLOPN, SI_KERNEL};
  char *past_end = map_past_end();
  b->answer = answer_named(arguments[1]);
  for (int n = 0; n < 40; n++) {
    int s = n % 4;
    a->remove(signals[s]), b->remove(signals[s]);
    a->install(signals[s], SA_SIGINFO | (n & 1 ? SA_ONSTACK : 0));
    b->install(signals[s], SA_SIGINFO | (n & 2 ? SA_NODEFER : 0));
    b->asked = a->asked = 0;
    if (s == 0) poke(past_end + 5);
    if (s == 1) divide_by_zero();
    if (s == 2) illegal();
    if (s == 3) breakpoint();
    CHECK_EQ(b->asked, 1);
    CHECK_EQ(a->asked, 1);
    CHECK_EQ(a->number, signals[s]);
    CHECK_EQ(a->info.si_code, codes[s]);
    if (s == 0) CHECK_EQ(a->info.si_addr, past_end + 5);
    if (s == 1) CHECK_EQ(a->info.si_addr, REGISTER(&a->context, RIP));
  }
}
