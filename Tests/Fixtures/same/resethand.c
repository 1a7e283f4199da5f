// SA_RESETHAND: before the handler runs the disposition is SIG_DFL, flags and mask stay
// (kernel/signal.c get_signal: "ka->sa.sa_handler = SIG_DFL"); the next fault kills.
// ends: SIGSEGV
// through: tracer
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

static void handler(int signal, siginfo_t *i, void *c) {
  (void)i;
  struct sigaction now;
  sigaction(signal, 0, &now);
  CHECK_EQ(now.sa_handler, SIG_DFL);
  print_kernel_action("in the handler", signal);
  printf("read back: %#x %#lx\n", now.sa_flags, word_of(&now.sa_mask));
  fflush(stdout);
  REGISTER(c, RIP) += POKE_SIZE;
}

int main(void) {
  struct sigaction new = action(handler, SA_SIGINFO | SA_RESETHAND);
  sigaddset(&new.sa_mask, SIGUSR1);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  poke(NOWHERE);
  poke(NOWHERE);
}
