// A library that installs a handler in its constructor, before any constructor of a preloaded
// library has run (ld.so runs a program's dependencies first), and faults there and in its
// destructor, after everybody else's.
#include "support/check.h"
#include "support/fault.h"

int early_calls;

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  early_calls++;
  REGISTER(c, RIP) += POKE_SIZE;
}

__attribute__((constructor)) static void start(void) {
  struct sigaction new = action(handler, SA_SIGINFO | SA_ONSTACK), old;
  static char stack[65536];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  CHECK_EQ(sigaltstack(&alternate, 0), 0);
  CHECK_EQ(sigaction(SIGSEGV, &new, &old), 0);
  CHECK_EQ(old.sa_handler, SIG_DFL);
  poke(NOWHERE);
  CHECK_EQ(signal(SIGFPE, SIG_IGN), SIG_DFL);
  CHECK_EQ(early_calls, 1);
}

__attribute__((destructor)) static void stop(void) {
  poke(NOWHERE);
  printf("calls at the end: %d\n", early_calls);
}
