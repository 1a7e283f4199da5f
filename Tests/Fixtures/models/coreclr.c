// CoreCLR's PAL (exception/signal.cpp): SIGSEGV on an alternate stack of 16 KiB, others on the
// thread's;
// a null reference is dispatched by leaving the handler for good. Not its own: calls the previous
// handler and then shuts down nevertheless; with SIG_DFL below it dumps, restores it and returns.
#include <setjmp.h>
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"

extern struct model model;
static struct sigaction previous[65];
static __thread sigjmp_buf managed;

static void handler(int number, siginfo_t *info, void *context) {
  char *pc = (char *)REGISTER(context, RIP);
  if (pc == (char *)poke && (long)info->si_addr < 65536) siglongjmp(managed, 1);
  if (number == SIGFPE && pc >= (char *)divide_by_zero && pc < (char *)divide_by_zero + 32)
    siglongjmp(managed, 1);
  struct sigaction *before = &previous[number];
  if (before->sa_handler == SIG_IGN) abort();
  if (before->sa_handler != SIG_DFL) before->sa_sigaction(number, info, context);
  model.damage++;  // PROCNotifyProcessShutdown, PROCCreateCrashDumpIfEnabled
  if (before->sa_handler == SIG_DFL) sigaction(number, before, 0);
}

static void attach(void) {
  stack_t old, new = {.ss_sp = map(16384, PROT_READ | PROT_WRITE), .ss_size = 16384};
  CHECK_EQ(sigaltstack(0, &old), 0);
  if (old.ss_flags & SS_DISABLE) CHECK_EQ(sigaltstack(&new, 0), 0);
}

static void start(void) {
  int signals[] = {SIGILL, SIGFPE, SIGBUS, SIGTRAP, SIGSEGV};
  for (int n = 0; n < 5; n++) {
    struct sigaction new = action(handler, SA_SIGINFO | SA_RESTART);
    if (signals[n] == SIGSEGV) new.sa_flags |= SA_ONSTACK, sigaddset(&new.sa_mask, SIGRTMIN);
    CHECK_EQ(sigaction(signals[n], &new, &previous[signals[n]]), 0);
  }
  attach();
}

static int fault(void) {
  volatile int cured = 0;
  if (sigsetjmp(managed, 1)) cured = 1;
  else poke(NOWHERE);
  if (sigsetjmp(managed, 1)) cured++;
  else divide_by_zero();
  return cured == 2;
}

struct model model = {.start = start, .attach = attach, .fault = fault};
