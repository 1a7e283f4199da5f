// Rust's std in a program, and Lean 4 (sys/pal/unix/stack_overflow.rs): installs only where SIG_DFL
// is; an alternate stack per thread, disabled when the thread ends; an overflow of its own guard is
// reported, anything else: SIG_DFL and return. Here the guard hit is cured, to go on.
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"

static int armed, hits;
static char *guard;
static __thread char *stack;

static void handler(int number, siginfo_t *info, void *context) {
  char *address = info->si_addr;
  if (address >= guard && address < guard + 4096) {
    hits++;
    REGISTER(context, RIP) += POKE_SIZE;
    return;
  }
  struct sigaction none = {.sa_handler = SIG_DFL};
  sigaction(number, &none, 0);
}

static void attach(void) {
  stack_t old, new = {.ss_sp = stack = map(32768, PROT_READ | PROT_WRITE), .ss_size = 32768};
  CHECK_EQ(sigaltstack(0, &old), 0);
  if (old.ss_flags & SS_DISABLE) CHECK_EQ(sigaltstack(&new, 0), 0);
}

static void detach(void) {
  stack_t none = {.ss_flags = SS_DISABLE, .ss_size = 32768};
  CHECK_EQ(sigaltstack(&none, 0), 0);
  CHECK_EQ(munmap(stack, 32768), 0);
}

static void start(void) {
  guard = map(4096, PROT_NONE);
  int signals[] = {SIGSEGV, SIGBUS};
  for (int n = 0; n < 2; n++) {
    struct sigaction now, new = action(handler, SA_SIGINFO | SA_ONSTACK);
    CHECK_EQ(sigaction(signals[n], 0, &now), 0);
    if (now.sa_handler != SIG_DFL) continue;
    CHECK_EQ(sigaction(signals[n], &new, 0), 0);
    armed = 1;
  }
  attach();
}

static int fault(void) {
  if (!armed) return 0;  // no overflow would be reported
  int before = hits;
  poke(guard + 64);
  return hits == before + 1;
}

struct model model = {.start = start, .attach = attach, .fault = fault, .detach = detach};
