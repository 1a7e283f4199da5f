// No memory is left when threads take their first faults: the first ones have the records that are
// there, and the one that is kept for this; the next one ends the process with a message.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// ends: 134
// says: W207
#include <pthread.h>
#include <sys/resource.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

enum { THREADS = 16 };  // records come eight at a time
static char stacks[THREADS][1 << 18] __attribute__((aligned(4096)));
static pthread_barrier_t barrier;

static void *faults(void *guest) {
  ((struct guest *)guest)->poke(NOWHERE);
  pthread_barrier_wait(&barrier);
  return 0;
}

int main(void) {
  alpha()->install(SIGSEGV, SA_SIGINFO);
  beta()->install(SIGSEGV, SA_SIGINFO);
  pthread_barrier_init(&barrier, 0, THREADS + 1);
  char *volatile reserve = malloc(1 << 16);  // what libc needs for the threads
  struct rlimit none = {0, 0};
  CHECK_EQ(setrlimit(RLIMIT_AS, &none), 0);
  free(reserve);
  for (int n = 0; n < THREADS; n++) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    CHECK_EQ(pthread_attr_setstack(&attributes, stacks[n], sizeof stacks[n]), 0);
    CHECK_EQ(pthread_create(&thread, &attributes, faults, n % 2 ? beta() : alpha()), 0);
  }
  pthread_barrier_wait(&barrier);
  return 0;
}
