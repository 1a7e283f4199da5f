// A stack overflow on the main thread and on others is handled on the alternate stack and left by
// siglongjmp, many times (sigaltstack(2)).
// company: yes
#include <pthread.h>
#include <setjmp.h>
#include "support/check.h"
#include "support/fault.h"

static __thread sigjmp_buf back;
static __thread char *low, *high;

static void handler(int s, siginfo_t *info, void *c) {
  (void)s, (void)info;
  char here;
  CHECK(&here > low && &here < high);
  CHECK((char *)REGISTER(c, RSP) < low || (char *)REGISTER(c, RSP) > high);
  siglongjmp(back, 1);
}

static void *overflow(void *p) {
  low = malloc(65536), high = low + 65536;
  stack_t stack = {.ss_sp = low, .ss_size = 65536};
  CHECK_EQ(sigaltstack(&stack, 0), 0);
  char start = 0;
  for (int n = 0; n < 5; n++)
    if (!sigsetjmp(back, 1)) overflow_stack(&start);
  stack.ss_flags = SS_DISABLE;
  CHECK_EQ(sigaltstack(&stack, 0), 0);
  free(low);
  return p;
}

int main(void) {
  struct sigaction new = action(handler, SA_SIGINFO | SA_ONSTACK);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  overflow(0);
  for (int n = 0; n < 4; n++) {
    pthread_t id;
    pthread_create(&id, 0, overflow, 0);
    pthread_join(id, 0);
  }
}
