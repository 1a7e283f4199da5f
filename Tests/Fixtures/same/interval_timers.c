// setitimer(2), getitimer(2), alarm(2), ualarm(3) and their errors, with one party.
#include <sys/time.h>
#include "support/check.h"

static int volatile ticks, code;
static void tick(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  ticks++, code = info->si_code;
}

int main(void) {
  struct sigaction new = {.sa_sigaction = tick, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigaction(SIGALRM, &new, 0), sigaction(SIGVTALRM, &new, 0), sigaction(SIGPROF, &new, 0);
  for (int which = -1; which < 4; which++) {
    struct itimerval soon = {{0, 2000}, {0, 2000}}, none = {0}, bad = {{0, 0}, {0, 1000000}}, old;
    errno = 0;
    int result = setitimer(which, &soon, 0);
    printf("%d set %d %d\n", which, result, errno);
    if (result == 0) {
      for (ticks = 0; ticks < 3;);
      result = getitimer(which, &old);
      printf("%d get %d interval %ld\n", which, result, old.it_interval.tv_usec);
      result = setitimer(which, &none, &old);
      printf("%d stop %d interval %ld code %d\n", which, result, old.it_interval.tv_usec, code);
      getitimer(which, &old);
      printf("%d off %ld %ld\n", which, old.it_value.tv_sec, old.it_value.tv_usec);
    }
    errno = 0;
    result = setitimer(which, &bad, 0);
    printf("%d bad %d %d\n", which, result, errno);
  }
  unsigned first = alarm(100), second = alarm(200);
  printf("alarm %u %u %u\n", first, second, alarm(0));
  first = ualarm(900000, 0), second = ualarm(0, 0);
  printf("ualarm %u %d\n", first, second > 800000 && second <= 900000);
}
