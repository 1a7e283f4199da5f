// sigvec exists only as a compatibility symbol, sigvec@GLIBC_2.2.5 (glibc signal/sigvec.c).
#include "support/check.h"
#include "support/kernel.h"

struct sigvec { void (*handler)(int); int mask; int flags; };
int old_sigvec(int, const struct sigvec *, struct sigvec *);
__asm__(".symver old_sigvec, sigvec@GLIBC_2.2.5");

static void one(int s) { (void)s; }

int main(void) {
  for (int flags = 0; flags < 8; flags++) {  // SV_ONSTACK 1, SV_INTERRUPT 2, SV_RESETHAND 4
    struct sigvec new = {one, 1 << (SIGUSR1 - 1), flags}, old = {0};
    CHECK_EQ(old_sigvec(SIGSEGV, &new, &old), 0);
    printf("old %d %#x %#x\n", old.handler == one, old.mask, old.flags);
    print_kernel_action("sigvec", SIGSEGV);
    CHECK_EQ(old_sigvec(SIGSEGV, 0, &old), 0);
    printf("now %d %#x %#x\n", old.handler == one, old.mask, old.flags);
  }
}
