// Faults on eight threads at once, each with its own alternate stack, next to thread creation and
// exit; dispositions are per process, alternate stacks and masks per thread (signal(7)).
// company: yes
#include <pthread.h>
#include "support/check.h"
#include "support/fault.h"

static __thread char *low;
static __thread int calls;

static void handler(int s, siginfo_t *info, void *c) {
  (void)s;
  char here;
  CHECK(&here > low && &here < low + 65536);
  CHECK_EQ(info->si_addr, NOWHERE);
  calls++;
  REGISTER(c, RIP) += POKE_SIZE;
}

static void *nothing(void *p) { return p; }

static void *work(void *p) {
  stack_t old;
  CHECK_EQ(sigaltstack(0, &old), 0);
  CHECK_EQ(old.ss_flags, SS_DISABLE);
  low = malloc(65536);
  stack_t stack = {.ss_sp = low, .ss_size = 65536};
  CHECK_EQ(sigaltstack(&stack, 0), 0);
  for (int n = 1; n <= 1000; n++) {
    poke(NOWHERE);
    CHECK_EQ(calls, n);
    pthread_t id;
    if (n % 100 == 0) pthread_create(&id, 0, nothing, 0), pthread_join(id, 0);
  }
  return p;  // the stack stays: the thread's end forgets it
}

int main(void) {
  struct sigaction new = action(handler, SA_SIGINFO | SA_ONSTACK);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  pthread_t ids[8];
  for (int n = 0; n < 8; n++) pthread_create(&ids[n], 0, work, 0);
  for (int n = 0; n < 8; n++) pthread_join(ids[n], 0);
}
