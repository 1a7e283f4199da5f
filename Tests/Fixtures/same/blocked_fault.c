// A fault whose signal is blocked or ignored kills, whatever the handler says
// (kernel/signal.c force_sig_info_to_task).
// run: block
// run: ignore
// ends: SIGSEGV
// through: tracer
#include "support/check.h"
#include "support/fault.h"

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  REGISTER(c, RIP) += POKE_SIZE;
}

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  struct sigaction new = action(handler, SA_SIGINFO);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  poke(NOWHERE);
  sigset_t all;
  sigfillset(&all);
  if (*arguments[1] == 'b') sigprocmask(SIG_BLOCK, &all, 0);
  if (*arguments[1] == 'i') signal(SIGSEGV, SIG_IGN);
  poke(NOWHERE);
}
