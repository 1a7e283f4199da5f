// A runtime sets its alternate stack on a thread where another one has its own, smaller or larger,
// and takes it away (Rust's thread destructor; ocaml#11489): the other's overflow still works.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *a = alpha(), *b = beta();
  stack_t large = {.ss_sp = malloc(1 << 18), .ss_size = 1 << 18};
  stack_t small = {.ss_sp = malloc(16384), .ss_size = 16384}, none = {.ss_flags = SS_DISABLE}, now;
  a->answer = JUMP;
  a->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  CHECK_EQ(a->altstack(&large, 0), 0);
  CHECK_EQ(b->altstack(&small, 0), 0);
  CHECK_EQ(b->altstack(&none, 0), 0);
  free(small.ss_sp);
  char start = 0;
  for (int n = 1; n <= 3; n++) {
    if (!sigsetjmp(a->back, 1)) overflow_stack(&start);
    CHECK_EQ(a->asked, n);
    CHECK(a->stack > (char *)large.ss_sp && a->stack < (char *)large.ss_sp + large.ss_size);
  }
  CHECK_EQ(a->altstack(0, &now), 0);
  CHECK_EQ(now.ss_sp, large.ss_sp);
}
