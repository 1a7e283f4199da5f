// sigaltstack is virtual per runtime and thread: each sees only its own, with the kernel's rules
// (sigaltstack(2)); one runtime's SS_DISABLE does not take away another's.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <pthread.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static struct guest *a, *b;
static char stack_a[65536], stack_b[65536];

static void on_it(void) {
  stack_t now, new = {.ss_sp = stack_b, .ss_size = sizeof stack_b};
  CHECK_EQ(a->altstack(0, &now), 0);
  CHECK_EQ(now.ss_flags, SS_ONSTACK);
  CHECK_EQ(now.ss_sp, stack_a);
  CHECK_EQ(a->altstack(&new, 0), -EPERM);
  CHECK_EQ(a->context.uc_stack.ss_sp, stack_a);
  CHECK_EQ(a->context.uc_stack.ss_size, sizeof stack_a);
}

static void *work(void *p) {
  stack_t now, new = {.ss_sp = stack_a, .ss_size = sizeof stack_a};
  stack_t none = {.ss_flags = SS_DISABLE}, small = {.ss_sp = stack_b, .ss_size = 1000};
  CHECK_EQ(a->altstack(0, &now), 0);
  CHECK_EQ(now.ss_flags, SS_DISABLE);  // each thread begins without
  CHECK_EQ(a->altstack(&new, 0), 0);
  CHECK_EQ(b->altstack(0, &now), 0);
  CHECK_EQ(now.ss_flags, SS_DISABLE);
  CHECK_EQ(now.ss_sp, 0);
  CHECK_EQ(now.ss_size, 0);
  CHECK_EQ(b->altstack(&small, 0), -ENOMEM);
  new.ss_flags = 4;
  CHECK_EQ(b->altstack(&new, 0), -EINVAL);
  new = (stack_t){.ss_sp = stack_b, .ss_size = sizeof stack_b};
  CHECK_EQ(b->altstack(&new, &now), 0);
  CHECK_EQ(now.ss_flags, SS_DISABLE);
  a->poke(NOWHERE);
  CHECK(a->stack > stack_a && a->stack < stack_a + sizeof stack_a);
  CHECK_EQ(b->altstack(&none, &now), 0);
  CHECK_EQ(now.ss_sp, stack_b);
  CHECK_EQ(a->altstack(0, &now), 0);
  CHECK_EQ(now.ss_sp, stack_a);
  CHECK_EQ(now.ss_size, sizeof stack_a);
  a->poke(NOWHERE);
  CHECK(a->stack > stack_a && a->stack < stack_a + sizeof stack_a);
  CHECK_EQ(a->altstack(&none, 0), 0);
  return p;
}

int main(void) {
  a = alpha(), b = beta();
  a->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  b->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  a->inside = on_it;
  work(0);
  pthread_t id;
  pthread_create(&id, 0, work, 0);
  pthread_join(id, 0);
  work(0);
}
