// Each handler of two runs on the stack that it asked for: without SA_ONSTACK just below the
// interrupted frame's red zone; with it on its own alternate stack; without one of its own on a
// large one of coexist's (48 KiB must fit).
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// library: delta = guests/guest.c
#include <pthread.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static char *stack_a, *stack_b;
static void use_48_kib(void) {
  volatile char much[48 * 1024];
  for (unsigned n = 0; n < sizeof much; n += 512) much[n] = n;
}

static void *work(void *p) {
  struct guest *a = alpha(), *b = beta(), *d = delta();
  stack_t own = {.ss_sp = stack_a, .ss_size = 65536};
  CHECK_EQ(a->altstack(&own, 0), 0);
  own.ss_sp = stack_b;
  CHECK_EQ(b->altstack(&own, 0), 0);
  for (int n = 0; n < 100; n++) {
    char here;
    a->poke(NOWHERE);
    CHECK(a->stack > stack_a && a->stack < stack_a + 65536);
    b->poke(NOWHERE);
    CHECK(b->stack > stack_b && b->stack < stack_b + 65536);
    d->poke(NOWHERE);
    CHECK(d->stack < &here && d->stack > &here - 20000);
    CHECK(d->stack < (char *)REGISTER(&d->context, RSP) - 128);
  }
  a->install(SIGFPE, SA_SIGINFO);  // another signal, without SA_ONSTACK
  b->install(SIGFPE, SA_SIGINFO | SA_ONSTACK);
  char here;
  a->divide();
  CHECK(a->stack < &here && a->stack > &here - 20000);
  b->divide();
  CHECK(b->stack > stack_b && b->stack < stack_b + 65536);
  // delta has no alternate stack: coexist's own.
  d->install(SIGFPE, SA_SIGINFO | SA_ONSTACK);
  d->inside = use_48_kib;
  d->divide();
  d->inside = 0;
  CHECK(d->stack > &here || d->stack < &here - 100000);
  return p;
}

int main(void) {
  stack_a = malloc(65536), stack_b = malloc(65536);
  alpha()->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  beta()->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  delta()->install(SIGSEGV, SA_SIGINFO);
  work(0);
  for (int n = 0; n < 4; n++) {
    pthread_t id;
    pthread_create(&id, 0, work, 0);
    pthread_join(id, 0);
  }
}
