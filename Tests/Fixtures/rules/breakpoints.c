// A handler of breakpoints just returns: RIP is past the int3 already (Intel SDM, #BP is a trap).
// A loop hits one again and again with the same registers; that is never taken for a decline.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"

// Counts *left down to 0, one int3 each time, flags and registers the same at each.
__attribute__((naked)) static void hit(volatile int *left __attribute__((unused))) {
  __asm__("1: xor %eax, %eax\n\tint3\n\tsubl $1, (%rdi)\n\tjnz 1b\n\tret");
}

int main(void) {
  struct guest *a = alpha(), *b = beta();
  a->install(SIGTRAP, SA_SIGINFO);
  b->install(SIGTRAP, SA_SIGINFO);
  volatile int left = 100;
  hit(&left);
  CHECK_EQ(b->asked, 100);
  CHECK_EQ(a->asked, 0);
  b->answer = RESET, left = 100;
  hit(&left);
  CHECK_EQ(a->asked, 100);
}
