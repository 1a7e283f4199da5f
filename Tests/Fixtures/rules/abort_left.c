// abort() may be left by siglongjmp also when another handler declined before (abort(3)).
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"

int main(void) {
  struct guest *a = alpha(), *b = beta();
  a->install(SIGABRT, SA_SIGINFO);
  b->install(SIGABRT, SA_SIGINFO);
  a->answer = JUMP, b->answer = RESET;
  for (volatile int n = 1; n <= 20; n++) {
    if (!sigsetjmp(a->back, 1)) abort();
    CHECK_EQ(a->asked, n);
    CHECK_EQ(b->asked, n);
  }
}
