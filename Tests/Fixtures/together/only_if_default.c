// Rust, Lean, Swift and LLVM's info handler install only where they find SIG_DFL, and then count on
// their handler; V8, Breakpad and HotSpot's -Xcheck:jni count on reading back what they set.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *a = alpha(), *b = beta();
  a->install(SIGSEGV, SA_SIGINFO | SA_RESTART);
  if (b->query(SIGSEGV).sa_handler == SIG_DFL) b->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  b->poke(NOWHERE);
  CHECK_EQ(b->asked, 1);
  CHECK_EQ(a->query(SIGSEGV).sa_sigaction, a->handler);
  CHECK_EQ(b->query(SIGSEGV).sa_sigaction, b->handler);
}
