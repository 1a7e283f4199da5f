// As block_all.c, but everything is blocked before the second runtime arrives, on this thread and
// on another one.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <pthread.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static pthread_barrier_t arrived;
static void both(void) { alpha()->poke(NOWHERE), beta()->poke(NOWHERE); }

static void *work(void *p) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, 0);
  pthread_barrier_wait(&arrived);
  pthread_barrier_wait(&arrived);
  both();
  return p;
}

int main(void) {
  alpha()->install(SIGSEGV, SA_SIGINFO);
  pthread_barrier_init(&arrived, 0, 2);
  pthread_t id;
  pthread_create(&id, 0, work, 0);
  pthread_barrier_wait(&arrived);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, 0);
  beta()->install(SIGSEGV, SA_SIGINFO);
  both();
  pthread_barrier_wait(&arrived);
  pthread_join(id, 0);
  CHECK_EQ(alpha()->asked, 2);
  CHECK_EQ(beta()->asked, 2);
}
