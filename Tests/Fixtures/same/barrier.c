// A write barrier, as collectors use it (Boehm GC os_dep.c GC_write_fault_handler): the handler
// unprotects the page and returns, the same instruction runs again. 20 000 times.
// company: yes
#include "support/check.h"
#include "support/fault.h"

static char *page;
static int calls;

static void handler(int s, siginfo_t *info, void *c) {
  (void)s, (void)c;
  CHECK_EQ(info->si_addr, page + 8);
  calls++;
  CHECK_EQ(mprotect(page, 4096, PROT_READ | PROT_WRITE), 0);
}

int main(void) {
  page = map(4096, PROT_READ);
  struct sigaction new = action(handler, SA_SIGINFO | SA_RESTART);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  for (int n = 1; n <= 20000; n++) {
    CHECK_EQ(mprotect(page, 4096, PROT_READ), 0);
    poke(page + 8);
    CHECK_EQ(calls, n);
  }
}
