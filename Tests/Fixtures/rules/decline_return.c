// A handler that returns without any change is asked a few times (it may have waited for somebody
// else's progress), then the next one is; and again from the start at the next fault.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *a = alpha(), *b = beta();
  a->install(SIGSEGV, SA_SIGINFO);
  b->install(SIGSEGV, SA_SIGINFO);
  b->answer = RETURN;
  for (int n = 1; n <= 100; n++) {
    int before = b->asked;
    poke((char *)NOWHERE + n % 7);
    CHECK_EQ(a->asked, n);
    CHECK(b->asked > before && b->asked <= before + 4);
  }
}
