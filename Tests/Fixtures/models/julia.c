// Julia (signals-unix.c): a load from the safepoint page waits inside the handler for the collector
// and is then run again; every other fault is fatal: SIG_DFL, report, return. Never chains.
#include <pthread.h>
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"

extern struct model model;
static char *safepoint;
static volatile int waits, collecting;

static void handler(int number, siginfo_t *info, void *context) {
  (void)context;
  char *address = info->si_addr;
  if (number == SIGSEGV && address >= safepoint && address < safepoint + 4096) {
    waits++;
    while (collecting) __builtin_ia32_pause();
    return;
  }
  signal(number, SIG_DFL);
  model.damage++;
  dprintf(2, "[julia] signal %d: Segmentation fault\n", number);
}

static void start(void) {
  stack_t new = {.ss_sp = map(1 << 18, PROT_READ | PROT_WRITE), .ss_size = 1 << 18};
  CHECK_EQ(sigaltstack(&new, 0), 0);
  safepoint = map(4096, PROT_READ);
  struct sigaction one = action(handler, SA_SIGINFO | SA_ONSTACK);
  CHECK_EQ(sigaction(SIGSEGV, &one, 0), 0);
  CHECK_EQ(sigaction(SIGBUS, &one, 0), 0);
}

static void *collect(void *was) {
  while (waits == (long)was) usleep(10);
  CHECK_EQ(mprotect(safepoint, 4096, PROT_READ), 0);
  collecting = 0;
  return 0;
}

static int fault(void) {
  int before = waits;
  pthread_t collector;
  collecting = 1;
  CHECK_EQ(mprotect(safepoint, 4096, PROT_NONE), 0);
  CHECK_EQ(pthread_create(&collector, 0, collect, (void *)(long)before), 0);
  peek(safepoint);
  pthread_join(collector, 0);
  return waits == before + 1;
}

struct model model = {.start = start, .fault = fault};
