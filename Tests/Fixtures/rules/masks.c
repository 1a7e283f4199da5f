// Each handler of two sees the mask that it asked for: what was blocked, its own sa_mask, and the
// signal itself unless SA_NODEFER; edits of uc_sigmask count; afterwards the mask is as before.
// Faults are never really blocked, so that other runtimes' faults work inside a handler.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

#define FAULTS \
  (BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGILL) | BIT(SIGTRAP) | BIT(SIGSYS))

static struct guest *a, *b;
static void fault_of_beta(void) { b->poke(NOWHERE); }

int main(void) {
  a = alpha(), b = beta();
  for (int n = 0; n < 16; n++) {
    sigset_t mask, blocked;
    sigemptyset(&mask), sigemptyset(&blocked);
    if (n & 2) sigaddset(&mask, SIGUSR2), sigaddset(&mask, SIGRTMIN + 3);
    if (n & 4) sigfillset(&mask);
    if (n & 8) sigaddset(&blocked, SIGTERM);
    CHECK_EQ(sigprocmask(SIG_SETMASK, &blocked, 0), 0);
    b->install(SIGSEGV, SA_SIGINFO | SA_NODEFER);
    a->install_mask(SIGSEGV, SA_SIGINFO | (n & 1 ? SA_NODEFER : 0), mask);
    a->inside = fault_of_beta;
    a->poke(NOWHERE);
    unsigned long asked = word_of(&mask) | word_of(&blocked);
    asked &= ~(BIT(SIGKILL) | BIT(SIGSTOP));
    CHECK_EQ(a->mask & ~FAULTS, asked & ~FAULTS);
    CHECK_EQ(a->mask & FAULTS, 0);
    CHECK_EQ(word_of(&a->context.uc_sigmask), word_of(&blocked));
    CHECK_EQ(b->mask & ~FAULTS, asked & ~FAULTS);  // nested: on top of alpha's
    CHECK_EQ(b->asked, n + 1);
    CHECK_EQ(kernel_mask(), word_of(&blocked));
  }
}
