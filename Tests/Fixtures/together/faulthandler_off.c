// jpype#1261: pytest switches faulthandler off at its end, which writes back what was there before
// the JVM came. Bare, the JVM's handler is gone and its next null check kills.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *faulthandler = alpha(), *jvm = beta();
  faulthandler->answer = RAISE;
  faulthandler->install(SIGSEGV, SA_SIGINFO | SA_NODEFER | SA_ONSTACK);
  jvm->install(SIGSEGV, SA_SIGINFO | SA_RESTART);
  jvm->poke(NOWHERE);
  faulthandler->restore(SIGSEGV);
  for (int n = 2; n < 100; n++) {
    jvm->poke(NOWHERE);
    CHECK_EQ(jvm->asked, n);
  }
  CHECK_EQ(faulthandler->asked, 0);
}
