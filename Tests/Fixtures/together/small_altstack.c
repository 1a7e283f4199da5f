// dotnet/runtime#127320: one runtime has a 16 KiB alternate stack and a handler without SA_ONSTACK
// that needs 40 KiB; another one adds SA_ONSTACK to every handler that it finds. Bare, that
// overflows the alternate stack.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static void use_40_kib(void) {
  volatile char much[40 * 1024];
  for (int n = sizeof much - 1; n >= 0; n -= 512) much[n] = n;
}

int main(void) {
  struct guest *a = alpha(), *b = beta();
  char *low = a->map(5 * 4096, PROT_READ | PROT_WRITE);
  a->protect(low, 4096, PROT_NONE);
  stack_t stack = {.ss_sp = low + 4096, .ss_size = 16384};
  CHECK_EQ(a->altstack(&stack, 0), 0);
  a->inside = use_40_kib;
  a->install(SIGTRAP, SA_SIGINFO | SA_RESTART);
  b->install(SIGTRAP, SA_SIGINFO | SA_ONSTACK);
  b->restore(SIGTRAP);
  struct sigaction now = b->query(SIGTRAP);  // setsigstack: read, add, write back
  now.sa_flags |= SA_ONSTACK;
  b->found = now;
  b->restore(SIGTRAP);
  for (int n = 1; n <= 10; n++) {
    a->breakpoint();
    CHECK_EQ(a->asked, n);
  }
}
