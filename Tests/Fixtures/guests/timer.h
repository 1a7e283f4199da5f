// A guest that sets interval timers and counts what they send.
#pragma once

#include <sys/time.h>

struct timer_guest {
  int volatile ticks;
  int volatile code;  // si_code of the last one
  void (*catch)(int signal);
  struct itimerval (*set)(int which, long value_us, long interval_us);  // returns the old one
  struct itimerval (*get)(int which);
  unsigned (*alarm)(unsigned seconds);
};
struct timer_guest *alpha(void);
struct timer_guest *beta(void);
