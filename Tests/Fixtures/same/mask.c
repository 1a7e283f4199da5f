// The mask in a handler: what was blocked, the action's sa_mask, and the signal itself unless
// SA_NODEFER; after return the old mask, or the one that the handler wrote to uc_sigmask.
// sigaction(2); kernel/signal.c signal_delivered().
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

static unsigned long inside, saved;
static int edit;

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  sigset_t libc;
  pthread_sigmask(SIG_BLOCK, 0, &libc);
  inside = kernel_mask();
  CHECK_EQ(word_of(&libc), inside);
  saved = word_of(&((ucontext_t *)c)->uc_sigmask);
  if (edit) sigaddset(&((ucontext_t *)c)->uc_sigmask, SIGWINCH);
  REGISTER(c, RIP) += POKE_SIZE;
}

int main(void) {
  for (int n = 0; n < 32; n++) {
    struct sigaction new = action(handler, SA_SIGINFO | (n & 1 ? SA_NODEFER : 0));
    if (n & 2) sigaddset(&new.sa_mask, SIGUSR2);
    if (n & 4) sigfillset(&new.sa_mask);
    sigset_t blocked;
    sigemptyset(&blocked);
    if (n & 8) sigaddset(&blocked, SIGTERM);
    edit = !!(n & 16);
    sigprocmask(SIG_SETMASK, &blocked, 0);
    CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
    poke(NOWHERE);
    printf("%d: inside %#lx, saved %#lx, after %#lx\n", n, inside, saved, kernel_mask());
  }
}
