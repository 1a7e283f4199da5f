// A stack overflow with a handler but no alternate stack: the kernel cannot build the frame and
// kills (arch/x86/kernel/signal.c: force_sigsegv). With SA_ONSTACK and none set coexist differs:
// its own alternate stack is there, and the handler runs (Limitations).
// run: 0
// ends: SIGSEGV
#include "support/check.h"
#include "support/fault.h"

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i, (void)c;
  _exit(9);
}

int main(int count, char **arguments) {
  struct sigaction new = action(handler, SA_SIGINFO | (*arguments[1] == 'o' ? SA_ONSTACK : 0));
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  return overflow_stack((char *)&count);
}
