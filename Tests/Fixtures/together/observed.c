// A runtime that nobody has described keeps its handler after it declined by SIG_DFL, which bare is
// its last word. With an argument it is killed at the end, and leaves its state to be looked at.
// library: oddity = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include <unistd.h>
#include "support/check.h"
#include "support/fault.h"

struct guest *oddity(void);

int main(int argc, char **argv) {
  (void)argv;
  struct guest *odd = oddity(), *other = beta();
  other->answer = CLAIM, other->install(SIGSEGV, SA_ONSTACK);
  odd->install(SIGSEGV, SA_ONSTACK);
  for (int round = 1; round <= 5; round++) {
    odd->answer = CLAIM, odd->poke(NOWHERE);
    CHECK_EQ(odd->asked, 2 * round - 1);
    odd->answer = RESET, poke(NOWHERE);
    CHECK_EQ(odd->asked, 2 * round);
    CHECK_EQ(other->asked, round);
  }
  if (argc > 1) kill(getpid(), SIGKILL);
}
