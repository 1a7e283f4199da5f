// sigaltstack(2): query, disable, sizes, EPERM while on it, SS_ONSTACK, wrong flags.
// company: yes
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

static char stack[65536];

static void show(const char *what, int result) {
  stack_t now;
  int error = errno;
  CHECK_EQ(sigaltstack(0, &now), 0);
  printf("%s: %d %s; own %d size %zu flags %#x\n", what, result, result ? strerror(error) : "",
         now.ss_sp == stack, now.ss_size, now.ss_flags);
}

static int set(void *at, size_t size, int flags) {
  stack_t new = {.ss_sp = at, .ss_size = size, .ss_flags = flags};
  return sigaltstack(&new, 0);
}

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  show("on it", 0);
  show("set while on it", set(stack, sizeof stack, 0));
  show("disable while on it", set(0, 0, SS_DISABLE));
  stack_t *saved = &((ucontext_t *)c)->uc_stack;
  printf("uc_stack: own %d size %zu flags %#x\n", saved->ss_sp == stack, saved->ss_size,
         saved->ss_flags);
  REGISTER(c, RIP) += POKE_SIZE;
}

int main(void) {
  show("first", 0);
  for (int flags = 0; flags < 8; flags++) show("set with flags", set(stack, sizeof stack, flags));
  show("too small", set(stack, 1024, 0));
  show("MINSIGSTKSZ", set(stack, MINSIGSTKSZ, 0));
  show("disabled", set(stack, 77, SS_DISABLE));
  show("set", set(stack, sizeof stack, 0));
  stack_t *bad = (stack_t *)16;
  show("bad address", sigaltstack(bad, 0));
  stack_t old = {0}, new = {.ss_sp = stack, .ss_size = 32768};
  CHECK_EQ(sigaltstack(&new, &old), 0);
  CHECK_EQ(old.ss_size, sizeof stack);
  struct sigaction on = action(handler, SA_SIGINFO | SA_ONSTACK);
  CHECK_EQ(sigaction(SIGSEGV, &on, 0), 0);
  poke(NOWHERE);
  show("after", 0);
}
