// Two runtimes with timers of one kind: each has its own times, reads back its own, and stops only
// its own; what comes looks as an interval timer's signal does.
// library: alpha = guests/timer.c
// library: beta = guests/timer.c
// run: real
// run: virtual
// run: profile
#include <signal.h>
#include <sys/wait.h>
#include "guests/timer.h"
#include "support/check.h"

static void until(int volatile *ticks, int enough) {
  while (*ticks < enough);
}

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  int which = !strcmp(arguments[1], "real")      ? ITIMER_REAL
              : !strcmp(arguments[1], "virtual") ? ITIMER_VIRTUAL
                                                 : ITIMER_PROF;
  int signal = which == ITIMER_REAL ? SIGALRM : which == ITIMER_VIRTUAL ? SIGVTALRM : SIGPROF;
  alpha()->catch(signal), beta()->catch(signal);
  alpha()->set(which, 5000, 5000);
  until(&alpha()->ticks, 3);
  CHECK_EQ(beta()->ticks, 0);
  CHECK_EQ(beta()->get(which).it_value.tv_sec, 0);
  CHECK_EQ(beta()->get(which).it_value.tv_usec, 0);
  struct itimerval old = beta()->set(which, 100 * 1000000l, 7000);
  CHECK_EQ(old.it_interval.tv_usec, 0);
  CHECK_EQ(alpha()->get(which).it_interval.tv_usec, 5000);
  CHECK_EQ(beta()->get(which).it_interval.tv_usec, 7000);
  CHECK(beta()->get(which).it_value.tv_sec >= 90);
  until(&alpha()->ticks, 6);
  CHECK_EQ(beta()->ticks, 0);
  old = beta()->set(which, 5000, 5000);
  CHECK(old.it_value.tv_sec >= 90);
  alpha()->set(which, 0, 0);
  beta()->ticks = 0;
  until(&beta()->ticks, 3);
  CHECK_EQ(beta()->code, SI_KERNEL);
  pid_t child = fork();
  if (child == 0) {
    CHECK_EQ(beta()->get(which).it_interval.tv_usec, 0);
    alpha()->set(which, 5000, 5000);
    int before = alpha()->ticks;
    until(&alpha()->ticks, before + 2);
    _exit(7);
  }
  int status;
  while (waitpid(child, &status, 0) < 0);
  CHECK_EQ(status, 7 << 8);
  int before = beta()->ticks;
  until(&beta()->ticks, before + 2);
  beta()->set(which, 0, 0);
  if (which == ITIMER_REAL) {
    CHECK_EQ(alpha()->alarm(50), 0);
    CHECK_EQ(beta()->alarm(90), 0);
    CHECK_EQ(alpha()->alarm(0), 50);
    CHECK_EQ(beta()->alarm(0), 90);
  }
}
