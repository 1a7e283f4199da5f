// OCaml 4.14 (runtime/signals_nat.c): a stack overflow in OCaml code raises an exception, on the
// alternate stack; anything else: SIG_DFL and return. Here the main thread really overflows.
#include <setjmp.h>
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"

static __thread sigjmp_buf exception;
static __thread int in_ocaml;

static void handler(int number, siginfo_t *info, void *context) {
  char *address = info->si_addr, *sp = (char *)REGISTER(context, RSP);
  if (in_ocaml && address > sp - 65536 && address < sp + 65536) siglongjmp(exception, 1);
  struct sigaction none = {.sa_handler = SIG_DFL};
  sigaction(number, &none, 0);
}

static void attach(void) {
  stack_t stack = {.ss_sp = map(16384, PROT_READ | PROT_WRITE), .ss_size = 16384};
  CHECK_EQ(sigaltstack(&stack, 0), 0);
}

static void start(void) {
  attach();
  struct sigaction new = action(handler, SA_SIGINFO | SA_ONSTACK | SA_NODEFER);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
}

static int fault(void) {
  volatile int raised = 0;
  char here = 0;
  in_ocaml = 1;
  if (sigsetjmp(exception, 1)) raised = 1;
  else overflow_stack(&here);
  in_ocaml = 0;
  return raised;
}

struct model model = {.start = start, .attach = attach, .fault = fault};
