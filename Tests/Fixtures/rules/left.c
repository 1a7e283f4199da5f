// Handlers that never return, on different stacks and at different depths, in turn: alternate
// stacks, the interrupted stack, overflows, a coroutine's stack. What they left behind must not
// pile up, nor count as a handler that still runs: a runtime that then removes its handler and
// installs it again means it.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// library: delta = guests/guest.c
// run: shallow
// run: deep
// run: overflow
// run: coroutine
// run: mixed
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static struct guest *a, *b, *d;
static ucontext_t main_context, coroutine;
static char *stack;

// A fault of the guest's at a depth of about so many bytes, left by siglongjmp.
__attribute__((noinline)) static void leave(struct guest *guest, int depth) {
  volatile char room[512];
  room[0] = depth;
  if (depth > 512) leave(guest, depth - 512);
  else guest->poke(NOWHERE);
  room[1] = room[0];
}

static void fault(struct guest *guest, int depth) {
  int before = guest->asked;
  if (!sigsetjmp(guest->back, 1)) leave(guest, depth);
  CHECK_EQ(guest->asked, before + 1);
}

static void overflow(struct guest *guest) {
  char start = 0;
  int before = guest->asked;
  a->answer = guest == a ? JUMP : RESET, b->answer = guest == b ? JUMP : RESET;
  d->answer = guest == d ? JUMP : RESET;
  if (!sigsetjmp(guest->back, 1)) overflow_stack(&start);
  CHECK_EQ(guest->asked, before + 1);
  a->answer = b->answer = d->answer = JUMP;
}

static void body(void) {
  if (!sigsetjmp(b->back, 1)) b->poke(NOWHERE);
  fault(a, 2000);
}

static void on_coroutine(void) {
  getcontext(&coroutine);
  coroutine.uc_stack.ss_sp = stack, coroutine.uc_stack.ss_size = 65536;
  coroutine.uc_link = &main_context;
  makecontext(&coroutine, body, 0);
  CHECK_EQ(swapcontext(&main_context, &coroutine), 0);
}

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  a = alpha(), b = beta(), d = delta();
  stack = map(65536, PROT_READ | PROT_WRITE);
  stack_t own = {.ss_sp = malloc(65536), .ss_size = 65536};
  CHECK_EQ(a->altstack(&own, 0), 0);
  a->answer = b->answer = d->answer = JUMP;
  a->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  b->install(SIGSEGV, SA_SIGINFO);
  d->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK | SA_NODEFER);
  char how = arguments[1][0], mixed = how == 'm';
  for (int n = 0; n < 200; n++) {
    if (mixed || how == 's') fault(a, 600), fault(b, 600), fault(d, 600);
    if (mixed || how == 'd') fault(a, n * 600), fault(b, 600), fault(d, 90000 - n * 400);
    if ((mixed || how == 'o') && n % 4 == 0) overflow(a), fault(b, 600), overflow(d), overflow(b);
    if (mixed || how == 'c') on_coroutine(), fault(d, 600);
    a->remove(SIGSEGV);
    CHECK_EQ(a->query(SIGSEGV).sa_handler, SIG_DFL);
    a->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
    CHECK_EQ(a->found.sa_handler, SIG_DFL);
  }
}
