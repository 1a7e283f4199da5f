// A safepoint: the handler waits until another thread has disarmed the page and returns without any
// change of its own (Julia's jl_set_gc_and_wait). Hot loops do so thousands of times at one
// instruction. That is never taken for a decline.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <pthread.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static struct guest *a, *b;
static char *page;
static volatile int armed, waiting, stop;

static void wait_here(void) {
  waiting = 1;
  while (armed) __builtin_ia32_pause();
  waiting = 0;
}

static void *collector(void *p) {
  for (int n = 0; n < 2000; n++) {
    armed = 1;
    a->protect(page, 4096, PROT_NONE);
    while (!waiting) __builtin_ia32_pause();
    a->protect(page, 4096, PROT_READ | PROT_WRITE);
    armed = 0;
    while (waiting) __builtin_ia32_pause();
  }
  stop = 1;
  return p;
}

int main(void) {
  a = alpha(), b = beta();
  a->install(SIGSEGV, SA_SIGINFO);
  b->install(SIGSEGV, SA_SIGINFO);
  a->answer = RETURN, a->inside = wait_here;
  b->answer = RESET;
  page = a->map(4096, PROT_READ | PROT_WRITE);
  pthread_t id;
  pthread_create(&id, 0, collector, 0);
  while (!stop) poke(page);
  pthread_join(id, 0);
  CHECK(a->asked >= 2000);
  CHECK_EQ(b->asked, 0);
}
