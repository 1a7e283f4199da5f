// A handler without SA_SIGINFO: the x86-64 kernel passes siginfo (not filled) and context anyway,
// and old programs read them (arch/x86/kernel/signal_64.c x64_setup_rt_frame).
// company: yes
#include "support/check.h"
#include "support/fault.h"

static int calls;

static void handler(int signal, siginfo_t *info, void *context) {
  calls++;
  CHECK_EQ(signal, SIGSEGV);
  CHECK(info != 0);
  CHECK_EQ(REGISTER(context, CR2), 16);
  CHECK_EQ(REGISTER(context, TRAPNO), 14);
  REGISTER(context, RIP) += POKE_SIZE;
}

int main(void) {
  signal(SIGSEGV, (void (*)(int))(void *)handler);
  poke(NOWHERE);
  struct sigaction plain = action(handler, 0);
  CHECK_EQ(sigaction(SIGSEGV, &plain, 0), 0);
  poke(NOWHERE);
  CHECK_EQ(calls, 2);
}
