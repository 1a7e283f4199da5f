// CPython's faulthandler (Modules/faulthandler.c): a reporter. Plain handlers on the main thread's
// alternate stack with SA_NODEFER; any fault: puts the previous action back, writes "Fatal Python
// error", raises the signal. disable() writes the previous actions back, whoever came since.
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"

extern struct model model;
static const int signals[] = {SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSEGV};
static struct sigaction previous[65];

static void handler(int number) {
  sigaction(number, &previous[number], 0);
  model.damage++;
  dprintf(2, "Fatal Python error: signal %d\n", number);
  raise(number);
}

static void start(void) {
  stack_t new = {.ss_sp = map(65536, PROT_READ | PROT_WRITE), .ss_size = 65536};
  CHECK_EQ(sigaltstack(&new, 0), 0);
  for (int n = 0; n < 5; n++) {
    struct sigaction one = {.sa_handler = handler, .sa_flags = SA_NODEFER | SA_ONSTACK};
    CHECK_EQ(sigaction(signals[n], &one, &previous[signals[n]]), 0);
  }
}

static int fault(void) { return 1; }

static void stop(void) {
  for (int n = 0; n < 5; n++) CHECK_EQ(sigaction(signals[n], &previous[signals[n]], 0), 0);
}

struct model model = {.start = start, .fault = fault, .stop = stop};
