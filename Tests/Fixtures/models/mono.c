// Mono (mini-posix.c, mini-runtime.c): SIGSEGV on a 16 KiB alternate stack; a fault in its code
// throws by rewriting the context; anything else is a native crash: report and abort. Never chains.
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"

static __thread int thrown;

static void handler(int number, siginfo_t *info, void *context) {
  (void)info;
  char *pc = (char *)REGISTER(context, RIP);
  if (pc == (char *)poke) {
    thrown++, REGISTER(context, RIP) += POKE_SIZE;
  } else if (number == SIGFPE && pc >= (char *)divide_by_zero && pc < (char *)divide_by_zero + 32) {
    thrown++, REGISTER(context, RIP) += DIVIDE_SIZE;
  } else {
    dprintf(2, "Got a %d while executing native code.\n", number);
    abort();
  }
}

static void attach(void) {
  stack_t new = {.ss_sp = map(16384, PROT_READ | PROT_WRITE), .ss_size = 16384};
  CHECK_EQ(sigaltstack(&new, 0), 0);
}

static void start(void) {
  attach();
  int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
  for (int n = 0; n < 4; n++) {
    struct sigaction new = action(handler, SA_SIGINFO | (n ? 0 : SA_ONSTACK));
    CHECK_EQ(sigaction(signals[n], &new, 0), 0);
  }
}

static int fault(void) {
  int before = thrown;
  poke(NOWHERE), divide_by_zero();
  return thrown == before + 2;
}

struct model model = {.start = start, .attach = attach, .fault = fault};
