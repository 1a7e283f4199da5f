// Racket CS (ChezScheme c/schsig.c): every SIGSEGV and SIGBUS is a Scheme error, thrown by longjmp;
// the old actions are forgotten. A fault that comes while no Scheme code runs is damage.
#include <setjmp.h>
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"

extern struct model model;
static __thread sigjmp_buf top;
static __thread int running;

static void handler(int number, siginfo_t *info, void *context) {
  (void)number, (void)info, (void)context;
  if (running) siglongjmp(top, 1);
  model.damage++;
  dprintf(2, "invalid memory reference\n");
  _exit(3);
}

static void start(void) {
  struct sigaction new = action(handler, SA_SIGINFO);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  CHECK_EQ(sigaction(SIGBUS, &new, 0), 0);
}

static int fault(void) {
  volatile int cured = 0;
  running = 1;
  if (sigsetjmp(top, 1)) cured = 1;
  else poke(NOWHERE);
  running = 0;
  return cured;
}

struct model model = {.start = start, .fault = fault};
