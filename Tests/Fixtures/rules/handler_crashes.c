// A handler that itself crashes, without anybody to cure it, must not loop: the process dies of the
// fault (bare: the signal is blocked in the handler, so the kernel kills).
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// run: 0
// run: nodefer
// ends: SIGSEGV
// says: W206
// times: 5
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static void crash(void) { alpha()->poke((void *)32); }

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  struct guest *a = alpha(), *b = beta();
  int nodefer = *arguments[1] == 'n' ? SA_NODEFER : 0;
  b->install(SIGSEGV, SA_SIGINFO);
  b->answer = RESET;
  a->install(SIGSEGV, SA_SIGINFO | nodefer);
  a->inside = crash;
  a->poke(NOWHERE);
}
