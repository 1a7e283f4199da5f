// What sigqueue(3) and pthread_sigqueue(3) send arrives as the kernel fills it, in every byte,
// where one runtime is in the process: coexist marks whose a signal is only beside a second one.
// library: alpha = guests/guest.c
#include <pthread.h>
#include "guests/guest.h"
#include "support/check.h"

static volatile int arrived;

static void handler(int number, siginfo_t *info, void *context) {
  (void)context;
  siginfo_t expected;
  memset(&expected, 0, sizeof expected);
  expected.si_signo = number, expected.si_code = SI_QUEUE;
  expected.si_pid = getpid(), expected.si_uid = getuid(), expected.si_value.sival_int = 7;
  CHECK_EQ(memcmp(info, &expected, sizeof expected), 0);
  arrived++;
}

int main(void) {
  alpha()->install(SIGSEGV, SA_SIGINFO);
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  CHECK_EQ(sigaction(SIGRTMIN + 3, &action, 0), 0);
  union sigval value = {.sival_ptr = 0};
  value.sival_int = 7;
  for (int n = 0; n < 10; n++) {
    CHECK_EQ(sigqueue(getpid(), SIGRTMIN + 3, value), 0);
    CHECK_EQ(pthread_sigqueue(pthread_self(), SIGRTMIN + 3, value), 0);
  }
  CHECK_EQ(arrived, 20);
  puts("as the kernel fills it");
}
