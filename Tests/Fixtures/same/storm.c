// Faults while a timer interrupts every 200 µs, on four threads: the timer's handler may run inside
// the fault's handler and at every instruction around it.
// company: yes
#include <pthread.h>
#include <sys/time.h>
#include "support/check.h"
#include "support/fault.h"

static volatile int ticks;
static __thread int calls;

static void on_tick(int s) { (void)s, ticks++; }

static void on_fault(int s, siginfo_t *info, void *c) {
  (void)s;
  CHECK_EQ(info->si_addr, NOWHERE);
  calls++;
  REGISTER(c, RIP) += POKE_SIZE;
}

static void *work(void *p) {
  for (int n = 1; n <= 5000; n++) {
    poke(NOWHERE);
    CHECK_EQ(calls, n);
  }
  return p;
}

int main(void) {
  struct sigaction fault = action(on_fault, SA_SIGINFO);
  struct sigaction tick = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
  CHECK_EQ(sigaction(SIGSEGV, &fault, 0), 0);
  CHECK_EQ(sigaction(SIGALRM, &tick, 0), 0);
  struct itimerval often = {{0, 200}, {0, 200}};
  setitimer(ITIMER_REAL, &often, 0);
  pthread_t ids[4];
  for (int n = 0; n < 4; n++) pthread_create(&ids[n], 0, work, 0);
  for (int n = 0; n < 4; n++) pthread_join(ids[n], 0);
}
