// A C++ exception thrown out of a handler, through the signal frame, into the interrupted function
// (-fnon-call-exceptions; libgcc's unwinder knows the frame by the restorer's code or its CFI).
// flags: -fnon-call-exceptions
// company: yes
#include "support/check.h"
#include "support/fault.h"

struct Fault {
  void *address;
};
static int destroyed;
struct Local {
  ~Local() { destroyed++; }
};

static void handler(int, siginfo_t *info, void *) {
  sigset_t set;
  sigemptyset(&set);
  sigprocmask(SIG_SETMASK, &set, nullptr);
  throw Fault{info->si_addr};
}

__attribute__((noinline)) static int load(int *at) {
  Local local;
  return peek(at);
}

int main() {
  static char stack[1 << 16];
  stack_t alternate = {};
  alternate.ss_sp = stack, alternate.ss_size = sizeof stack;
  CHECK_EQ(sigaltstack(&alternate, nullptr), 0);
  for (int n = 0; n < 200; n++) {
    struct sigaction now = action(handler, SA_SIGINFO | (n & 1 ? SA_ONSTACK : 0));
    CHECK_EQ(sigaction(SIGSEGV, &now, nullptr), 0);
    try {
      load((int *)16);
      CHECK(!"no exception");
    } catch (const Fault &fault) {
      CHECK_EQ(fault.address, 16);
    }
    CHECK_EQ(destroyed, n + 1);
  }
}
