// A crash reporter that came last (faulthandler, LLVM, abseil) must not report faults that others
// cure, and must report the one that nobody does, in its own words, with the original siginfo.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// run: raise
// run: requeue
// run: reset
// ends: exit 42
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static int real;

static void report(void) {
  if (!real) check_failed(__FILE__, __LINE__, "no report of a cured fault");
  CHECK_EQ(beta()->info.si_addr, 48);
  CHECK_EQ(alpha()->asked, 101);  // the silent one was asked first
  _exit(42);
}

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  struct guest *a = alpha(), *reporter = beta();
  a->install(SIGSEGV, SA_SIGINFO);
  reporter->install(SIGSEGV, SA_SIGINFO | SA_NODEFER | SA_ONSTACK);
  reporter->answer = answer_named(arguments[1]), reporter->inside = report;
  for (int n = 1; n <= 100; n++) {
    a->poke(NOWHERE);
    CHECK_EQ(a->asked, n);
  }
  real = 1;
  a->answer = RESET;
  a->poke((void *)48);
}
