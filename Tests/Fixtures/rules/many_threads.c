// 1200 threads alive at once, and then 3000 more one after the other, fault in both runtimes:
// records of threads neither run out nor are lost when threads end.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// times: 5
#include <pthread.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

enum { ALIVE = 1200, LATER = 3000 };
static pthread_barrier_t all;

static void *work(void *wait) {
  alpha()->poke(NOWHERE), beta()->poke(NOWHERE);
  if (wait) pthread_barrier_wait(&all);
  alpha()->poke(NOWHERE), beta()->poke(NOWHERE);
  return 0;
}

int main(void) {
  alpha()->install(SIGSEGV, SA_SIGINFO);
  beta()->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  static pthread_t ids[ALIVE];
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 65536);
  pthread_barrier_init(&all, 0, ALIVE);
  for (int n = 0; n < ALIVE; n++) CHECK_EQ(pthread_create(&ids[n], &small, work, &all), 0);
  for (int n = 0; n < ALIVE; n++) pthread_join(ids[n], 0);
  for (int n = 0; n < LATER; n++) {
    CHECK_EQ(pthread_create(&ids[0], &small, work, 0), 0);
    pthread_join(ids[0], 0);
  }
}
