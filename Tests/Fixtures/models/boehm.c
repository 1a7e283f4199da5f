// Boehm's collector with a write barrier (os_dep.c): at start a temporary handler with siglongjmp
// looks for the stack's end (GC_find_limit); then the barrier: unprotect and return; not its heap:
// the handler before, or ABORT when there is none.
#include <setjmp.h>
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"

static struct sigaction before[65];
static sigjmp_buf limit;
static char *heap;
static int barriers;

static void found_limit(int s, siginfo_t *i, void *c) {
  (void)s, (void)i, (void)c;
  siglongjmp(limit, 1);
}

static void handler(int number, siginfo_t *info, void *context) {
  char *address = info->si_addr;
  if (address >= heap && address < heap + 65536) {
    barriers++;
    CHECK_EQ(mprotect((void *)((long)address & -4096), 4096, PROT_READ | PROT_WRITE), 0);
  } else if (before[number].sa_handler == SIG_DFL) {
    dprintf(2, "Unexpected segfault outside heap\n");
    abort();
  } else {
    before[number].sa_sigaction(number, info, context);
  }
}

static int find_limit(void) {
  if (sigsetjmp(limit, 1)) return 1;
  peek(NOWHERE);
  return 0;
}

static void start(void) {
  int signals[] = {SIGSEGV, SIGBUS};
  heap = map(65536, PROT_READ | PROT_WRITE);
  for (int n = 0; n < 2; n++) {
    struct sigaction temporary = action(found_limit, SA_SIGINFO | SA_RESTART), old;
    CHECK_EQ(sigaction(signals[n], &temporary, &old), 0);
    if (n == 0) CHECK(find_limit());
    CHECK_EQ(sigaction(signals[n], &old, 0), 0);
    struct sigaction new = action(handler, SA_SIGINFO | SA_RESTART);
    CHECK_EQ(sigaction(signals[n], &new, &before[signals[n]]), 0);
  }
}

static int fault(void) {
  int hits = barriers;
  CHECK_EQ(mprotect(heap, 65536, PROT_READ), 0);
  poke(heap + 100), poke(heap + 200), poke(heap + 8192);
  return barriers == hits + 2 && heap[200] == 1;
}

struct model model = {.start = start, .fault = fault};
