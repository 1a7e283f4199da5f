// Faults on stacks that are no thread's: makecontext coroutines. The handler runs on the stack that
// was interrupted, or with SA_ONSTACK on the alternate one; the coroutine may be tiny then.
// company: yes
#include "support/check.h"
#include "support/fault.h"

static char alternate[65536], *low;
static size_t size;
static int onstack, calls;
static ucontext_t main_context, coroutine;

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  char here;
  CHECK_EQ(&here > low && &here < low + size, !onstack);
  CHECK_EQ(&here > alternate && &here < alternate + sizeof alternate, onstack);
  calls++;
  if (calls % 3 == 0) swapcontext(&coroutine, &main_context);
  REGISTER(c, RIP) += POKE_SIZE;
}

static void body(void) {
  for (int n = 0; n < 10; n++) poke(NOWHERE);
}

int main(void) {
  stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
  CHECK_EQ(sigaltstack(&stack, 0), 0);
  for (onstack = 0; onstack < 2; onstack++) {
    struct sigaction new = action(handler, SA_SIGINFO | SA_NODEFER | (onstack ? SA_ONSTACK : 0));
    CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
    size = onstack ? 2048 : 32768;
    low = map(size < 4096 ? 4096 : size, PROT_READ | PROT_WRITE);
    getcontext(&coroutine);
    coroutine.uc_stack.ss_sp = low, coroutine.uc_stack.ss_size = size;
    coroutine.uc_link = &main_context;
    makecontext(&coroutine, body, 0);
    calls = 0;
    while (calls < 10) CHECK_EQ(swapcontext(&main_context, &coroutine), 0);
  }
}
