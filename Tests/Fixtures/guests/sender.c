#include "guests/sender.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static struct sender self;

static void handler(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  __atomic_add_fetch(&self.got, 1, __ATOMIC_RELAXED);
  if (info->si_code != SI_QUEUE) return;
  __atomic_add_fetch(&self.valued, 1, __ATOMIC_RELAXED);
  if (info->si_value.sival_int <= self.last) self.out_of_order = 1;
  self.last = info->si_value.sival_int;
}
static void install(int number) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigaction(number, &action, 0);
}
static int send(pthread_t thread, int number, int way, int value) {
  union sigval given = {.sival_int = value};
  switch (way) {
    case 0: return pthread_sigqueue(thread, number, given);
    case 1: return sigqueue(getpid(), number, given) ? errno : 0;
    case 2: return pthread_kill(thread, number);
    default: return kill(getpid(), number) ? errno : 0;
  }
}

static struct sender self = {install, send, 0, 0, 0, 0};
struct sender *NAME(void) { return &self; }
