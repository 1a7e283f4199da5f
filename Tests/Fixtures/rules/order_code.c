// The owner of the faulting instruction is asked first, whoever installed last; each fault signal.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// library: delta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *all[] = {alpha(), beta(), delta()};
  int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  void *past_end = map_past_end();
  for (int round = 0; round < 3; round++) {
    for (int n = 0; n < 3; n++)
      for (int s = 0; s < 5; s++) all[(n + round) % 3]->install(signals[s], SA_SIGINFO);
    for (int n = 0; n < 300; n++) {
      struct guest *guest = all[n % 3];
      int before[3] = {all[0]->asked, all[1]->asked, all[2]->asked};
      guest->number = 0;
      int s = n / 3 % 5;
      if (s == 0) guest->poke(NOWHERE);
      if (s == 1) guest->poke(past_end);
      if (s == 2) guest->divide();
      if (s == 3) guest->illegal();
      if (s == 4) guest->breakpoint();
      CHECK_EQ(guest->number, signals[s]);
      for (int m = 0; m < 3; m++) CHECK_EQ(all[m]->asked, before[m] + (m == n % 3));
    }
  }
}
