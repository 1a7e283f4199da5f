// LLVM's crash handler as Mojo's main installs it (llvm/lib/Support/Unix/Signals.inc): a reporter.
// SA_RESETHAND; any signal: restores all previous actions, writes the stack dump, queues the
// original siginfo to itself again.
#include <sys/syscall.h>
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"

extern struct model model;
static const int signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGBUS, SIGSEGV};
static struct sigaction previous[65];

static void handler(int number, siginfo_t *info, void *context) {
  (void)context;
  for (int n = 0; n < 6; n++) sigaction(signals[n], &previous[signals[n]], 0);
  model.damage++;
  dprintf(2, "PLEASE submit a bug report: signal %d\n", number);
  syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), number, info);
}

static void start(void) {
  stack_t old, new = {.ss_sp = map(1 << 17, PROT_READ | PROT_WRITE), .ss_size = 1 << 17};
  CHECK_EQ(sigaltstack(0, &old), 0);
  if (old.ss_flags & SS_DISABLE || old.ss_size < new.ss_size) CHECK_EQ(sigaltstack(&new, 0), 0);
  for (int n = 0; n < 6; n++) {
    struct sigaction one = action(handler, SA_SIGINFO | SA_NODEFER | SA_RESETHAND | SA_ONSTACK);
    CHECK_EQ(sigaction(signals[n], &one, &previous[signals[n]]), 0);
  }
}

static int fault(void) { return 1; }

struct model model = {.start = start, .fault = fault};
