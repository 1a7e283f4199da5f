// One party: the kernel holds exactly the action that the program asked for, and reads it back.
// sigaction(2); glibc sysdeps/unix/sysv/linux/libc_sigaction.c adds SA_RESTORER and its restorer.
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

static void handler(int s, siginfo_t *i, void *c) { (void)s, (void)i, (void)c; }

int main(void) {
  int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
  for (unsigned n = 0; n < 6; n++) {
    int signal = signals[n];
    struct sigaction new = action(handler, SA_SIGINFO | SA_ONSTACK | SA_NODEFER), old, now;
    sigaddset(&new.sa_mask, SIGUSR1);
    sigaddset(&new.sa_mask, SIGRTMAX);
    CHECK_EQ(sigaction(signal, &new, &old), 0);
    CHECK_EQ(old.sa_handler, SIG_DFL);

    struct kernel_action kernel = kernel_action(signal);
    CHECK_EQ(kernel.handler, handler);
    CHECK_EQ(kernel.mask, BIT(SIGUSR1) | BIT(SIGRTMAX));
    CHECK(status_mask("SigCgt") & BIT(signal));

    CHECK_EQ(sigaction(signal, 0, &now), 0);
    CHECK_EQ(now.sa_sigaction, handler);
    CHECK_EQ(word_of(&now.sa_mask), kernel.mask);
    CHECK_EQ((unsigned)now.sa_flags, (unsigned)kernel.flags);
    CHECK_EQ(now.sa_restorer, kernel.restorer);
    print_kernel_action("installed", signal);

    CHECK_EQ(sigaction(signal, &old, &now), 0);  // and back
    CHECK_EQ(now.sa_sigaction, handler);
    CHECK(!(status_mask("SigCgt") & BIT(signal)));
    print_kernel_action("restored", signal);
  }
}
