// Two runtimes that turn faults into C++ exceptions, on different stacks, and a third that declines
// in between; with backtrace() through the frame.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// flags: -fnon-call-exceptions
#include <execinfo.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static int destroyed;
struct Local {
  ~Local() { destroyed++; }
};

static void thrown() {
  void *frames[64];
  int count = backtrace(frames, 64), found = 0;
  for (int n = 0; n < count; n++) {
    char *at = (char *)frames[n], *start = (char *)alpha()->poke;
    found += at >= start && at <= start + 16;
    start = (char *)beta()->poke;
    found += at >= start && at <= start + 16;
  }
  CHECK_EQ(found, 1);
  throw 5;
}

int main() {
  struct guest *all[] = {alpha(), beta()};
  all[0]->install(SIGSEGV, SA_SIGINFO | SA_NODEFER);
  all[1]->install(SIGSEGV, SA_SIGINFO | SA_NODEFER | SA_ONSTACK);
  all[0]->inside = all[1]->inside = thrown;
  for (int n = 0; n < 200; n++) {
    try {
      Local local;
      all[n % 2]->poke(NOWHERE);
      CHECK(!"no exception");
    } catch (int value) {
      CHECK_EQ(value, 5);
    }
    CHECK_EQ(destroyed, n + 1);
    CHECK_EQ(all[n % 2]->asked, n / 2 + 1);
  }
}
