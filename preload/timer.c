// Timers are known by their id: it comes back in siginfo (timer_create(2), si_timerid). Of each
// interval timer there is one in a process; who finds it taken gets a POSIX timer (core:
// Signals/IntervalTimers).
#include "preload.h"

#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int coexist_timer_create(clockid_t clock, struct sigevent *event, timer_t *id, uint64_t caller) {
  int active = coexist_ready();
  // With SIGEV_THREAD libc hands out an address of its own; those timers run no handler.
  int signals = event == NULL || event->sigev_notify == SIGEV_SIGNAL ||
                event->sigev_notify == SIGEV_THREAD_ID;
  struct sigevent renumbered;
  if (active && signals && event != NULL) {
    renumbered = *event;
    if (coexist_number_to_ask(&renumbered.sigev_signo, caller)) event = &renumbered;
  }
  int result = coexist_real.timer_create(clock, event, id);
  if (active && result == 0 && signals)
    coexist_core_asked(COEXIST_CAUSE_TIMER, (int32_t)(intptr_t)*id, caller);
  return result;
}
EXPORT int timer_create(clockid_t clock, struct sigevent *event, timer_t *id) {
  return coexist_timer_create(clock, event, id, CALLER);
}

static struct itimerspec spec(const struct itimerval *v) {
  return (struct itimerspec){{v->it_interval.tv_sec, v->it_interval.tv_usec * 1000},
                             {v->it_value.tv_sec, v->it_value.tv_usec * 1000}};
}
static struct itimerval value(const struct itimerspec *s) {
  return (struct itimerval){{s->it_interval.tv_sec, s->it_interval.tv_nsec / 1000},
                            {s->it_value.tv_sec, s->it_value.tv_nsec / 1000}};
}
static int is_interval_timer(int which) {
  return which >= 0 && which < COEXIST_INTERVAL_TIMERS;
}

static int set(__itimer_which_t which, const struct itimerval *new, struct itimerval *old,
               uint64_t caller) {
  if (!coexist_ready() || !is_interval_timer((int)which) || new == NULL)
    return coexist_real.setitimer(which, new, old);
  int arms = new->it_value.tv_sec != 0 || new->it_value.tv_usec != 0;
  int32_t id = coexist_core_interval_timer((int)which, arms, caller);
  if (id == COEXIST_TIMER_REAL) return coexist_real.setitimer(which, new, old);
  struct itimerspec wanted = spec(new), before = {0};
  long error = id < 0 ? 0
                      : coexist_real.syscall(SYS_timer_settime, (long)id, 0l, (long)&wanted,
                                             (long)&before, 0l, 0l);
  if (error == 0 && old != NULL) *old = value(&before);
  return (int)error;
}
static int get(__itimer_which_t which, struct itimerval *now, uint64_t caller) {
  int32_t id = coexist_ready() && is_interval_timer((int)which)
                   ? coexist_core_interval_timer((int)which, -1, caller)
                   : COEXIST_TIMER_REAL;
  if (id == COEXIST_TIMER_REAL) return coexist_real.getitimer(which, now);
  struct itimerspec current = {0};
  if (id >= 0)
    coexist_real.syscall(SYS_timer_gettime, (long)id, (long)&current, 0l, 0l, 0l, 0l);
  *now = value(&current);
  return 0;
}

EXPORT int setitimer(__itimer_which_t which, const struct itimerval *new,
                     struct itimerval *old) {
  return set(which, new, old, CALLER);
}
EXPORT int getitimer(__itimer_which_t which, struct itimerval *now) {
  return get(which, now, CALLER);
}

// Linux kernel/time/itimer.c, alarm_setitimer: rounded to the nearest second, but never to none.
EXPORT unsigned alarm(unsigned seconds) {
  struct itimerval new = {.it_value.tv_sec = seconds}, old = {0};
  if (set(ITIMER_REAL, &new, &old, CALLER) < 0) return 0;
  long left = old.it_value.tv_sec;
  if ((left == 0 && old.it_value.tv_usec != 0) || old.it_value.tv_usec >= 500000) left++;
  return (unsigned)left;
}
// glibc misc/ualarm.c.
EXPORT useconds_t ualarm(useconds_t value_us, useconds_t interval_us) {
  struct itimerval new = {{0, interval_us}, {0, value_us}}, old = {0};
  if (set(ITIMER_REAL, &new, &old, CALLER) < 0) return (useconds_t)-1;
  return (useconds_t)(old.it_value.tv_sec * 1000000 + old.it_value.tv_usec);
}
