// A fault inside libc on a runtime's behalf (memset with a bad pointer) speaks for nobody: the last
// installer is asked first, and if it declines, the others.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *a = alpha(), *b = beta();
  a->answer = JUMP, b->answer = RESET;
  a->install(SIGSEGV, SA_SIGINFO);
  b->install(SIGSEGV, SA_SIGINFO);
  for (int n = 1; n <= 50; n++) {
    if (!sigsetjmp(a->back, 1)) a->fault_in_libc();
    CHECK_EQ(a->asked, n);
    CHECK_EQ(b->asked, n);
    CHECK(a->info.si_addr >= (void *)NOWHERE && a->info.si_addr < (void *)4096);
  }
}
