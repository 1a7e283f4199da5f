// V8's trap handler (trap-handler/handler-inside-posix.cc): only on the interrupted stack; not in
// WebAssembly: puts the old action back for the whole process, for ever, and returns. Debug builds
// check that what they installed can be read back.
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"

static struct sigaction old;
static __thread int in_wasm, landed;

static void handler(int number, siginfo_t *info, void *context) {
  if (in_wasm && info->si_code > 0 && (char *)REGISTER(context, RIP) == (char *)poke) {
    in_wasm = 0, landed++;
    REGISTER(context, RIP) += POKE_SIZE;
    return;
  }
  sigaction(number, &old, 0);
}

static void start(void) {
  struct sigaction new = action(handler, SA_SIGINFO), now;
  sigemptyset(&new.sa_mask);
  CHECK_EQ(sigaction(SIGSEGV, &new, &old), 0);
  CHECK_EQ(sigaction(SIGSEGV, 0, &now), 0);
  CHECK_EQ(now.sa_sigaction, handler);
}

static int fault(void) {
  struct sigaction now;
  CHECK_EQ(sigaction(SIGSEGV, 0, &now), 0);
  if (now.sa_sigaction != handler) return 0;
  int before = landed;
  in_wasm = 1;
  poke(NOWHERE);
  return landed == before + 1;
}

struct model model = {.start = start, .fault = fault};
