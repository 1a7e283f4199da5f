// Two and three runtimes that each cure their own faults, in every order of installation, all five
// hardware fault signals. Bare, the last installer gets everything.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// library: delta = guests/guest.c
// run: 0 1 2
// run: 0 2 1
// run: 1 0 2
// run: 1 2 0
// run: 2 0 1
// run: 2 1 0
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(int count, char **arguments) {
  CHECK_EQ(count, 4);
  struct guest *all[] = {alpha(), beta(), delta()};
  int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  void *past_end = map_past_end();
  for (int n = 1; n < 4; n++)
    for (int s = 0; s < 5; s++) all[atoi(arguments[n])]->install(signals[s], SA_SIGINFO);
  for (int n = 1; n <= 50; n++)
    for (int m = 0; m < 3; m++) {
      all[m]->poke(NOWHERE), all[m]->poke(past_end);
      all[m]->divide(), all[m]->illegal(), all[m]->breakpoint();
      CHECK_EQ(all[m]->asked, 5 * n);
    }
}
