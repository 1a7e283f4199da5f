// backtrace(3) in a handler walks through the signal frame to the function that faulted and on to
// main (libgcc's unwinder), on the interrupted and on the alternate stack.
// flags: -rdynamic
// company: yes
#include <execinfo.h>
#include "support/check.h"
#include "support/fault.h"

static int found_inner, found_outer, found_main;
int main(void);

__attribute__((noinline)) void inner(void) {
  poke(NOWHERE);
  __asm__ volatile("");  // no tail call
}
__attribute__((noinline)) void outer(void) {
  inner();
  __asm__ volatile("");
}

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  void *frames[64];
  char **names;
  int count = backtrace(frames, 64);
  names = backtrace_symbols(frames, count);
  for (int n = 0; n < count; n++) {
    found_inner += strstr(names[n], "(inner+") != 0;
    found_outer += strstr(names[n], "(outer+") != 0;
    found_main += strstr(names[n], "(main+") != 0;
  }
  free(names);
  REGISTER(c, RIP) += POKE_SIZE;
}

int main(void) {
  static char stack[1 << 18];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  CHECK_EQ(sigaltstack(&alternate, 0), 0);
  for (int n = 1; n <= 2; n++) {
    struct sigaction new = action(handler, SA_SIGINFO | (n == 2 ? SA_ONSTACK : 0));
    CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
    outer();
    CHECK_EQ(found_inner, n);
    CHECK_EQ(found_outer, n);
    CHECK_EQ(found_main, n);
  }
}
