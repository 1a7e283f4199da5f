// HotSpot (signals_posix.cpp, os_linux_x86.cpp): no alternate stack; unblocks the fault signals in
// the handler; null checks and divisions resume at a stub; else calls the previous handler, takes
// its return for "handled", and with SIG_DFL below writes hs_err and aborts. Safepoint poll.
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"

static struct sigaction chained[65];
static char *polling_page;
static int stubs;

static void handler(int number, siginfo_t *info, void *context) {
  sigset_t faults;
  sigemptyset(&faults);
  sigaddset(&faults, SIGSEGV), sigaddset(&faults, SIGBUS), sigaddset(&faults, SIGFPE);
  pthread_sigmask(SIG_UNBLOCK, &faults, 0);
  char *pc = (char *)REGISTER(context, RIP), *address = info->si_addr;
  if (number == SIGFPE && pc >= (char *)divide_by_zero && pc < (char *)divide_by_zero + 32) {
    REGISTER(context, RIP) += DIVIDE_SIZE, stubs++;
  } else if (pc == (char *)poke && ((long)address < 4096 || address == polling_page)) {
    REGISTER(context, RIP) += POKE_SIZE, stubs++;
  } else if (chained[number].sa_handler == SIG_DFL) {
    dprintf(2, "# A fatal error has been detected by the Java Runtime Environment\n");
    abort();
  } else if (chained[number].sa_handler != SIG_IGN) {
    sigset_t mask = chained[number].sa_mask, old;
    pthread_sigmask(SIG_SETMASK, &mask, &old);
    chained[number].sa_sigaction(number, info, context);
    pthread_sigmask(SIG_SETMASK, &old, 0);
  }
}

static void start(void) {
  polling_page = map(4096, PROT_NONE);
  int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
  for (int n = 0; n < 4; n++) {
    struct sigaction new = action(handler, SA_SIGINFO | SA_RESTART);
    sigfillset(&new.sa_mask);
    for (int m = 0; m < 4; m++) sigdelset(&new.sa_mask, signals[m]);
    CHECK_EQ(sigaction(signals[n], &new, &chained[signals[n]]), 0);
  }
}

static int fault(void) {
  int before = stubs;
  poke(NOWHERE), poke(polling_page), divide_by_zero();
  return stubs == before + 3;
}

struct model model = {.start = start, .fault = fault};
