// Threads on stacks that the program gives (pthread_attr_setstack), of odd sizes: a handler without
// SA_ONSTACK runs on them, an overflow is seen as one.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <pthread.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static char *low;
static size_t size;

static void *work(void *p) {
  struct guest *a = alpha(), *b = beta();
  for (int n = 0; n < 10; n++) {
    a->poke(NOWHERE), b->poke(NOWHERE);
    CHECK(a->stack > low && a->stack < low + size);
    CHECK(b->stack < low || b->stack > low + size);
  }
  char start = 0;
  a->answer = JUMP;
  b->answer = RESET;
  if (!sigsetjmp(a->back, 1)) overflow_stack(&start);
  CHECK_EQ(a->info.si_code, SEGV_ACCERR);
  a->answer = b->answer = CLAIM;
  a->poke(NOWHERE);
  return p;
}

int main(void) {
  alpha()->install(SIGSEGV, SA_SIGINFO);
  beta()->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  for (size = 65536; size < 1 << 20; size += 65536 + 4096) {
    char *memory = map(size + 65536, PROT_READ | PROT_WRITE);
    low = memory + 65536;
    CHECK_EQ(mprotect(memory, 65536, PROT_NONE), 0);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    CHECK_EQ(pthread_attr_setstack(&attributes, low, size), 0);
    pthread_t id;
    CHECK_EQ(pthread_create(&id, &attributes, work, 0), 0);
    pthread_join(id, 0);
  }
}
