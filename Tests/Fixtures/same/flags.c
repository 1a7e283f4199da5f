// Every combination of flags, known and unknown, is stored and read back as the kernel does:
// SA_RESTORER is added, SA_UNSUPPORTED (0x400) and unknown bits are cleared (kernel/signal.c,
// do_sigaction since 5.11), SIGKILL and SIGSTOP vanish from the mask.
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

static void handler(int s, siginfo_t *i, void *c) { (void)s, (void)i, (void)c; }

int main(void) {
  unsigned known[] = {SA_NOCLDSTOP, SA_NOCLDWAIT, SA_SIGINFO, SA_ONSTACK, SA_RESTART, SA_NODEFER,
                      SA_RESETHAND, 0x400, 0x800, 0x04000000, 0x00100000};
  int signals[] = {SIGSEGV, SIGABRT, SIGUSR1};
  for (unsigned s = 0; s < 3; s++)
    for (unsigned n = 0; n < 1u << 11; n++) {
      struct sigaction new = action(handler, 0), now;
      for (unsigned bit = 0; bit < 11; bit++)
        if (n >> bit & 1) new.sa_flags |= known[bit];
      sigfillset(&new.sa_mask);
      if (n & 1) sigdelset(&new.sa_mask, SIGSEGV);
      if (n & 2) sigemptyset(&new.sa_mask);
      CHECK_EQ(sigaction(signals[s], &new, 0), 0);
      CHECK_EQ(sigaction(signals[s], 0, &now), 0);
      struct kernel_action kernel = kernel_action(signals[s]);
      printf("%d %#x: %#x %#lx / %#lx %#lx\n", signals[s], new.sa_flags, now.sa_flags,
             word_of(&now.sa_mask), kernel.flags, kernel.mask);
      CHECK_EQ(now.sa_restorer, kernel.restorer);
    }
}
