// A thread that nobody saw begin (libc makes those of SIGEV_THREAD past pthread_create) has no
// alternate stack: the frame of a signal lies on the interrupted stack already, and stays there.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <pthread.h>
#include <semaphore.h>
#include <time.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static struct guest *a, *b;

static sem_t done;

static void body(union sigval value) {
  sigset_t mask;
  sigfillset(&mask);
  pthread_sigmask(SIG_UNBLOCK, &mask, 0);  // libc blocks all
  char here;
  for (int n = 0; n < 20; n++) {
    raise(SIGUSR1);
    CHECK(b->stack < &here && b->stack > &here - 65536);
    a->poke(NOWHERE), b->poke(NOWHERE);
  }
  CHECK_EQ(value.sival_int, 7);
  sem_post(&done);
}

int main(void) {
  sem_init(&done, 0, 0);
  a = alpha(), b = beta();
  int signals[] = {SIGUSR1, SIGSEGV};
  for (int n = 0; n < 2; n++) {
    a->install(signals[n], SA_SIGINFO);
    b->install(signals[n], SA_SIGINFO);
  }
  for (int n = 0; n < 50; n++) {
    struct sigevent event = {
        .sigev_notify = SIGEV_THREAD, .sigev_notify_function = body, .sigev_value.sival_int = 7};
    struct itimerspec once = {.it_value.tv_nsec = 1};
    timer_t timer;
    CHECK_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    CHECK_EQ(timer_settime(timer, 0, &once, 0), 0);
    while (sem_wait(&done) != 0) continue;
    CHECK_EQ(timer_delete(timer), 0);
  }
}
