// Go as a c-shared library (runtime/signal_unix.go): handlers with SA_ONSTACK and a full mask; adds
// SA_ONSTACK to every other handler in the process; its own handler throws when it is not on the
// alternate stack (adjustSignalStack, raw sigaltstack). Not its own: calls the one before, or with
// SIG_DFL before: sets that and returns.
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

extern struct model model;
// By this export coexist knows Go, which stands on the stack that the kernel tells it of.
void _cgo_topofstack(void) {}

static struct sigaction forward[65];
static __thread int panics;

static void handler(int number, siginfo_t *info, void *context) {
  char here;
  stack_t stack = kernel_altstack();
  if (&here < (char *)stack.ss_sp || &here > (char *)stack.ss_sp + stack.ss_size) {
    dprintf(2, "fatal error: non-Go code disabled sigaltstack\n");
    abort();
  }
  char *pc = (char *)REGISTER(context, RIP);
  if (info->si_code > 0 && pc == (char *)poke) {
    panics++;
    REGISTER(context, RIP) += POKE_SIZE;  // sigpanic, recovered
    return;
  }
  if (forward[number].sa_handler == SIG_DFL) {
    struct sigaction none = {.sa_handler = SIG_DFL};
    sigaction(number, &none, 0);
  } else if (forward[number].sa_handler != SIG_IGN) {
    forward[number].sa_sigaction(number, info, context);
  }
}

static void attach(void) {  // minitSignalStack: adopts what the thread has
  stack_t old = kernel_altstack(), new = {.ss_size = 32768};
  if (!(old.ss_flags & SS_DISABLE)) return;
  new.ss_sp = map(32768, PROT_READ | PROT_WRITE);
  kernel(SYS_sigaltstack, (long)&new, 0, 0, 0);
}

static void start(void) {
  for (int number = 1; number <= 64; number++) {
    struct sigaction now;
    if (sigaction(number, 0, &now)) continue;
    forward[number] = now;
    int own = number == SIGSEGV || number == SIGBUS || number == SIGFPE;
    struct sigaction new = own ? action(handler, SA_SIGINFO | SA_RESTART) : now;
    if (own) sigfillset(&new.sa_mask);
    if (!own && (now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN)) continue;
    new.sa_flags |= SA_ONSTACK;  // setsigstack
    CHECK_EQ(sigaction(number, &new, 0), 0);
  }
  attach();
}

static int fault(void) {
  int before = panics;
  poke(NOWHERE);
  return panics == before + 1;
}

struct model model = {.start = start, .attach = attach, .fault = fault};
