// Without evidence (the program's code, a page that nobody owns) the last installer is asked first.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// library: delta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *all[] = {alpha(), beta(), delta()};
  for (int n = 0; n < 3; n++) {
    all[n]->install(SIGSEGV, SA_SIGINFO);
    poke(NOWHERE);
    for (int m = 0; m < 3; m++) CHECK_EQ(all[m]->asked, n >= m);
  }
  all[1]->answer = all[2]->answer = RESET;
  poke(NOWHERE);
  CHECK_EQ(all[0]->asked, 2);
  CHECK(all[2]->sequence < all[1]->sequence && all[1]->sequence < all[0]->sequence);
}
