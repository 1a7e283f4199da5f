// A handled fault leaves every register, the flags and the red zone as they were, and the handler
// sees them all, with the direction flag clear (System V ABI; arch/x86/kernel/signal.c).
// company: yes
#include "support/registers.h"

static int calls;

static void handler(int s, siginfo_t *info, void *context) {
  (void)s;
  unsigned long flags;
  __asm__("pushf\n\tpop %0" : "=r"(flags));
  CHECK_EQ(flags & 0x400, 0);
  CHECK_EQ(info->si_addr, NOWHERE);
  check_patterns(context);
  char local[16] __attribute__((aligned(16)));
  __asm__ volatile("movaps %%xmm0, %0" : "=m"(local));  // faults on a misaligned stack
  CHECK_EQ((long)local & 15, 0);
  calls++;
  REGISTER(context, RIP) += POKE_SIZE;
}

int main(void) {
  struct sigaction new = action(handler, SA_SIGINFO);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  for (int n = 1; n <= 1000; n++) {
    CHECK_EQ(fault_with_patterns(NOWHERE), 0);
    CHECK_EQ(calls, n);
  }
}
