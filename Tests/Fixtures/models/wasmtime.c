// Wasmtime (vm/sys/unix/signals.rs): a trap is found by its PC and resumes at the handler of the
// innermost call; else delegates: calls a previous function, or puts SIG_DFL back and returns.
// 256 KiB alternate stack per thread if there is less. At shutdown its handler must be in place.
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"

static struct sigaction previous[65];
static __thread int inside, traps;

static void handler(int number, siginfo_t *info, void *context) {
  char *pc = (char *)REGISTER(context, RIP);
  if (inside && (pc == (char *)poke || pc == (char *)illegal)) {
    REGISTER(context, RIP) += pc == (char *)poke ? POKE_SIZE : ILLEGAL_SIZE;
    traps++;
    return;
  }
  struct sigaction *before = &previous[number];
  if (before->sa_handler == SIG_DFL || before->sa_handler == SIG_IGN)
    sigaction(number, before, 0);
  else
    before->sa_sigaction(number, info, context);
}

static void attach(void) {
  stack_t old, new = {.ss_sp = map(1 << 18, PROT_READ | PROT_WRITE), .ss_size = 1 << 18};
  CHECK_EQ(sigaltstack(0, &old), 0);
  if (old.ss_flags & SS_DISABLE || old.ss_size < new.ss_size) CHECK_EQ(sigaltstack(&new, 0), 0);
}

static void start(void) {
  int signals[] = {SIGSEGV, SIGILL, SIGFPE};
  for (int n = 0; n < 3; n++) {
    struct sigaction new = action(handler, SA_SIGINFO | SA_NODEFER | SA_ONSTACK);
    CHECK_EQ(sigaction(signals[n], &new, &previous[signals[n]]), 0);
  }
  attach();
}

static int fault(void) {
  int before = traps;
  inside = 1;
  poke(NOWHERE), illegal();
  inside = 0;
  return traps == before + 2;
}

static void stop(void) {
  int signals[] = {SIGSEGV, SIGILL, SIGFPE};
  for (int n = 0; n < 3; n++) {
    struct sigaction now;
    CHECK_EQ(sigaction(signals[n], &previous[signals[n]], &now), 0);
    CHECK_EQ(now.sa_sigaction, handler);  // "signal handlers were altered": aborts
  }
}

struct model model = {.start = start, .attach = attach, .fault = fault, .stop = stop};
