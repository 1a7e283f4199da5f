// The program ends while four threads keep faulting in two runtimes: the status is the program's.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// ends: exit 6
// times: 40
#include <pthread.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static void *work(void *p) {
  for (;;) alpha()->poke(NOWHERE), beta()->poke(NOWHERE);
  return p;
}

int main(void) {
  alpha()->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  beta()->install(SIGSEGV, SA_SIGINFO);
  pthread_t ids[4];
  for (int n = 0; n < 4; n++) pthread_create(&ids[n], 0, work, 0);
  usleep(3000);
  exit(6);
}
