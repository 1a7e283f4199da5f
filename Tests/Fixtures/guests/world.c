// See world.h. The exported name makes it an instance of that collector to the catalogue.
#include "guests/world.h"
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include "support/check.h"

enum { SUSPEND = SIGPWR, RESTART = SIGXCPU };
static struct world_guest self;
static sem_t acknowledged;
static int volatile epoch;  // odd: the world is stopped
static sigset_t waiting;

void GC_stop_world_external(void) {}

static void suspend(int signal) {
  (void)signal;
  int error = errno, mine = epoch;
  __atomic_fetch_add(&self.stopped, 1, __ATOMIC_SEQ_CST);
  sem_post(&acknowledged);
  while (epoch == mine) sigsuspend(&waiting);
  sem_post(&acknowledged);
  errno = error;
}
static void restart(int signal) {
  (void)signal;
  if (self.inside) self.inside();
}

static void begin(void) {
  struct sigaction new = {.sa_handler = suspend, .sa_flags = SA_RESTART};
  sigfillset(&new.sa_mask);
  CHECK_EQ(sigaction(SUSPEND, &new, 0), 0);
  new.sa_handler = restart;
  CHECK_EQ(sigaction(RESTART, &new, 0), 0);
  sigfillset(&waiting), sigdelset(&waiting, RESTART);
  CHECK_EQ(sem_init(&acknowledged, 0, 0), 0);
}

static void all(pthread_t const *others, int count, int signal) {
  for (int i = 0; i < count; i++) CHECK_EQ(pthread_kill(others[i], signal), 0);
  for (int i = 0; i < count; i++)
    while (sem_wait(&acknowledged) != 0) CHECK_EQ(errno, EINTR);
}
static void stop(pthread_t const *others, int count) {
  epoch++;
  all(others, count, SUSPEND);
  epoch++;
  all(others, count, RESTART);
}

static void signal_myself(void) { CHECK_EQ(pthread_kill(pthread_self(), RESTART), 0); }

struct world_guest *NAME(void) {
  self.signal_myself = signal_myself;
  self.begin = begin, self.stop = stop;
  return &self;
}
