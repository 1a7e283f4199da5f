// For GdbTests: a fault in inner, called by outer; "bt" in the handler must show both.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

__attribute__((noinline)) void stop_here(void) { __asm__ volatile(""); }
__attribute__((noinline)) void inner(void) {
  poke(NOWHERE);
  __asm__ volatile("");
}
__attribute__((noinline)) void outer(void) {
  inner();
  __asm__ volatile("");
}

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  int onstack = *arguments[1] == 'o' ? SA_ONSTACK : 0;
  alpha()->install(SIGSEGV, SA_SIGINFO | onstack);
  beta()->install(SIGSEGV, SA_SIGINFO | onstack);
  alpha()->inside = stop_here;
  beta()->answer = RESET;
  outer();
}
