// A handled fault does not change errno.
// company: yes
#include "support/check.h"
#include "support/fault.h"

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  CHECK_EQ(errno, 1234);
  REGISTER(c, RIP) += POKE_SIZE;
}

int main(void) {
  struct sigaction new = action(handler, SA_SIGINFO), old;
  errno = 1234;
  CHECK_EQ(sigaction(SIGSEGV, &new, &old), 0);
  CHECK_EQ(errno, 1234);
  poke(NOWHERE);
  CHECK_EQ(errno, 1234);
}
