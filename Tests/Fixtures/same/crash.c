// A fault that no handler cures: what the process dies of, with which siginfo and registers. With
// "reset" one handler puts SIG_DFL back and returns, as Rust, OCaml and Lean do. Every case ends
// inside main, which turns the death into an exit status. arch/x86/mm/fault.c, traps.c.
// through: tracer
// run: write
// run: read
// run: protected
// run: noncanonical
// run: jump
// run: patterns
// run: raise
// run: child
// run: write reset
// run: patterns reset
// run: noncanonical reset
// ends: SIGSEGV
#include "support/deaths.h"

static void reset(int number, siginfo_t *i, void *c) {
  (void)i, (void)c;
  signal(number, SIG_DFL);
}

int main(int count, char **arguments) {
  struct sigaction new = action(reset, SA_SIGINFO | SA_ONSTACK);
  if (count > 2) CHECK_EQ(sigaction(signal_of(arguments[1]), &new, 0), 0);
  die_by(arguments[1]);
}
