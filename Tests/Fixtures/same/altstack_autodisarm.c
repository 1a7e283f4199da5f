// SS_AUTODISARM: the alternate stack is switched off while a handler runs on it, so that the
// handler may set another one; the old one is back after return (sigaltstack(2)).
// company: yes
#include "support/check.h"
#include "support/fault.h"

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1u << 31)
#endif

static char stack[65536], other[65536];

static void show(const char *what) {
  stack_t now;
  CHECK_EQ(sigaltstack(0, &now), 0);
  printf("%s: stack %d other %d size %zu flags %#x\n", what, now.ss_sp == stack,
         now.ss_sp == other, now.ss_size, now.ss_flags);
}

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  char here;
  CHECK(&here > stack && &here < stack + sizeof stack);
  show("on it");
  stack_t new = {.ss_sp = other, .ss_size = sizeof other};
  CHECK_EQ(sigaltstack(&new, 0), 0);
  show("on it, other set");
  REGISTER(c, RIP) += POKE_SIZE;
}

int main(void) {
  stack_t new = {.ss_sp = stack, .ss_size = sizeof stack, .ss_flags = SS_AUTODISARM};
  CHECK_EQ(sigaltstack(&new, 0), 0);
  show("set");
  struct sigaction on = action(handler, SA_SIGINFO | SA_ONSTACK);
  CHECK_EQ(sigaction(SIGSEGV, &on, 0), 0);
  for (int n = 0; n < 3; n++) poke(NOWHERE), show("after");
}
