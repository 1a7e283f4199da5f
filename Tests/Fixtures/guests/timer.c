// See timer.h.
#include "guests/timer.h"
#include <errno.h>
#include <signal.h>
#include <unistd.h>
#include "support/check.h"

static struct timer_guest self;

static void tick(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  self.ticks++, self.code = info->si_code;
}
static void catch(int signal) {
  struct sigaction new = {.sa_sigaction = tick, .sa_flags = SA_SIGINFO | SA_RESTART};
  CHECK_EQ(sigaction(signal, &new, 0), 0);
}
static struct itimerval set(int which, long value_us, long interval_us) {
  struct itimerval new = {{0, interval_us}, {value_us / 1000000, value_us % 1000000}}, old;
  CHECK_EQ(setitimer(which, &new, &old), 0);
  return old;
}
static struct itimerval get(int which) {
  struct itimerval now;
  CHECK_EQ(getitimer(which, &now), 0);
  return now;
}
// Not the function itself: the call must come from here, and no tail call hide that.
static unsigned ring(unsigned seconds) {
  unsigned left = alarm(seconds);
  return left + (unsigned)(self.ticks < 0);
}
struct timer_guest *NAME(void) {
  self.catch = catch, self.set = set, self.get = get, self.alarm = ring;
  return &self;
}
