// Timers are known by their id: it comes back in siginfo (timer_create(2), si_timerid).
#include "preload.h"

#include <time.h>

EXPORT int timer_create(clockid_t clock, struct sigevent *event, timer_t *id) {
  int active = coexist_ready();
  int result = coexist_real.timer_create(clock, event, id);
  // With SIGEV_THREAD libc hands out an address of its own; those timers run no handler.
  int signals = event == NULL || event->sigev_notify == SIGEV_SIGNAL ||
                event->sigev_notify == SIGEV_THREAD_ID;
  if (active && result == 0 && signals)
    coexist_core_timer_created((int32_t)(intptr_t)*id, CALLER);
  return result;
}
