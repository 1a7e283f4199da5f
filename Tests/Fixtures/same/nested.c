// Faults inside handlers with SA_NODEFER, 20 deep, on one alternate stack: the kernel goes on below
// the stack pointer when it is already there (sigsp(), kernel/signal.c).
// run: 0
// run: onstack
// company: yes
#include "support/check.h"
#include "support/fault.h"

static int depth, most;
static char stack[1 << 18];

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  if (++depth > most) most = depth;
  if (depth < 20) poke(NOWHERE);
  depth--;
  REGISTER(c, RIP) += POKE_SIZE;
}

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  CHECK_EQ(sigaltstack(&alternate, 0), 0);
  int onstack = *arguments[1] == 'o' ? SA_ONSTACK : 0;
  struct sigaction new = action(handler, SA_SIGINFO | SA_NODEFER | onstack);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  for (int n = 0; n < 100; n++) poke(NOWHERE);
  CHECK_EQ(most, 20);
  CHECK_EQ(depth, 0);
}
