// Two decliners in a row, in every combination; the third claims with the original registers.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// library: delta = guests/guest.c
#include "guests/guest.h"
#include "support/kernel.h"
#include "support/registers.h"

int main(void) {
  struct guest *a = alpha(), *b = beta(), *d = delta();
  a->install(SIGSEGV, SA_SIGINFO);
  b->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  d->install(SIGSEGV, SA_SIGINFO | SA_NODEFER);
  int n = 0;
  for (int first = RETURN; first < ANSWERS; first++)
    for (int second = RETURN; second < ANSWERS; second++) {
      d->answer = first, b->answer = second;
      CHECK_EQ(fault_with_patterns(NOWHERE), 0);
      CHECK_EQ(a->asked, ++n);
      CHECK(d->sequence < a->sequence && b->sequence < a->sequence);
      check_patterns(&a->context);
      CHECK_EQ(a->info.si_addr, NOWHERE);
      CHECK_EQ(a->info.si_code, SEGV_MAPERR);
      CHECK_EQ(b->query(SIGSEGV).sa_sigaction, b->handler);
      CHECK_EQ(d->query(SIGSEGV).sa_sigaction, d->handler);
      CHECK_EQ(kernel_mask(), 0);
    }
}
