// Faults on a coroutine's stack (makecontext) with two parties: a handler without SA_ONSTACK runs
// on that stack, where a collector looks for roots; one with it on its own alternate stack.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static struct guest *a, *b;
static char *stack, *alternate;
static ucontext_t main_context, coroutine;

static void body(void) {
  for (int n = 0; n < 10; n++) {
    a->poke(NOWHERE);
    CHECK(a->stack > stack && a->stack < stack + 65536);
    b->poke(NOWHERE);
    CHECK(b->stack > alternate && b->stack < alternate + 65536);
    swapcontext(&coroutine, &main_context);
  }
}

int main(void) {
  a = alpha(), b = beta();
  alternate = malloc(65536), stack = map(65536, PROT_READ | PROT_WRITE);
  stack_t own = {.ss_sp = alternate, .ss_size = 65536};
  CHECK_EQ(b->altstack(&own, 0), 0);
  a->install(SIGSEGV, SA_SIGINFO);
  b->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  getcontext(&coroutine);
  coroutine.uc_stack.ss_sp = stack, coroutine.uc_stack.ss_size = 65536;
  coroutine.uc_link = &main_context;
  makecontext(&coroutine, body, 0);
  for (int n = 0; n < 10; n++) {
    CHECK_EQ(swapcontext(&main_context, &coroutine), 0);
    a->poke(NOWHERE), b->poke(NOWHERE);
  }
  CHECK_EQ(a->asked, 20);
}
