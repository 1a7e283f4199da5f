// AVX and AVX-512 registers (all 32 and the masks) survive a handled fault (XSAVE area of the
// signal frame, arch/x86/kernel/fpu/signal.c).
// company: yes
#include "support/vectors.h"

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  if (__builtin_cpu_supports("avx")) spoil_vectors();
  REGISTER(c, RIP) += POKE_SIZE;
}

int main(void) {
  static char stack[65536];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  CHECK_EQ(sigaltstack(&alternate, 0), 0);
  for (int n = 0; n < 100; n++) {
    struct sigaction new = action(handler, SA_SIGINFO | (n & 1 ? SA_ONSTACK : 0));
    CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
    CHECK_EQ(faults_spoil_vectors(NOWHERE), 0);
  }
}
