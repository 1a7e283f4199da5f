// A handler on its runtime's alternate stack is interrupted by one of another runtime, on a stack
// of its own, and that one again by the first runtime's: the kernel, which knows one stack, would
// go on below (arch/x86/kernel/signal.c get_sigframe). What the first call has on its stack is
// not written over.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// library: delta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

enum { SIZE = 65536, ROOM = 2048 };
static volatile int level;

static void nested(void) {
  volatile unsigned char much[ROOM];
  int here = ++level;
  for (int n = 0; n < ROOM; n++) much[n] = (unsigned char)(here + n);
  if (here < 6) CHECK_EQ(raise(SIGRTMIN + here), 0);
  for (int n = 0; n < ROOM; n++) CHECK_EQ(much[n], (unsigned char)(here + n));
}

int main(void) {
  struct guest *guests[] = {alpha(), beta()};
  // By turns.
  for (int n = 0; n < 6; n++) guests[n % 2]->install(SIGRTMIN + n, SA_SIGINFO | SA_ONSTACK);
  for (int n = 0; n < 2; n++) {
    stack_t stack = {.ss_sp = map(SIZE, PROT_READ | PROT_WRITE), .ss_size = SIZE};
    CHECK_EQ(guests[n]->altstack(&stack, 0), 0);
    guests[n]->answer = RETURN;
    guests[n]->inside = nested;
  }
  delta()->install(SIGUSR1, SA_SIGINFO);  // a party, whose requests are its own
  for (int n = 0; n < 6; n++) {           // so that the dispatcher takes them
    delta()->found.sa_handler = SIG_IGN;
    delta()->restore(SIGRTMIN + n);
  }
  CHECK_EQ(raise(SIGRTMIN), 0);
  CHECK_EQ(level, 6);
}
