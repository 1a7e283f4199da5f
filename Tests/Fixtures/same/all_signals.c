// All 64 signals, as a shell or an interpreter goes through them: query, set, ignore, restore.
// flags: -Wno-deprecated-declarations
#include "support/check.h"
#include "support/kernel.h"

static void handler(int s) { (void)s; }

int main(void) {
  for (int n = 1; n <= 64; n++) {
    struct sigaction old, now;
    int found = sigaction(n, 0, &old);
    struct sigaction new = {.sa_handler = handler, .sa_flags = SA_RESTART};
    int set = sigaction(n, &new, 0), ignored = sigignore(n);
    int query = sigaction(n, 0, &now);
    printf("%d: %d %d %d %d %d ", n, found, set, ignored, query, now.sa_handler == SIG_IGN);
    print_kernel_action("", n);
    sigaction(n, &old, 0);
    print_kernel_action("", n);
  }
  printf("caught %#lx ignored %#lx\n", status_mask("SigCgt:"), status_mask("SigIgn:"));
}
