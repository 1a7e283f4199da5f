// See asker.h.
#include "guests/asker.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "support/check.h"

static struct asker self;

static void caught(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  self.got++, self.code = info->si_code;
}
static void catch(int signal) {
  struct sigaction new = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO | SA_RESTART};
  CHECK_EQ(sigaction(signal, &new, 0), 0);
}
static int descriptor(int fd, int signal) {
  int failed = fcntl(fd, F_SETOWN, getpid());
  if (signal != 0) failed |= fcntl(fd, F_SETSIG, signal);
  return failed | fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC);
}
static int queue(mqd_t queue, int signal) {
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = signal};
  int failed = mq_notify(queue, &event);
  return failed;
}
static int parents_death(int signal) {
  int failed = prctl(PR_SET_PDEATHSIG, signal);
  return failed;
}
struct asker *NAME(void) {
  self.catch = catch, self.descriptor = descriptor, self.queue = queue;
  self.parents_death = parents_death;
  return &self;
}
