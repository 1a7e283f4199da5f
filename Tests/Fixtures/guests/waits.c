// See waits.h.
#include "guests/waits.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define TEXT(name) #name
#define SAY(name) TEXT(name)

enum { ROUNDS = 100, LAST = 999, TICK = 5000 };
static int number, own_way, mistakes, id, last, got, ticks, killed;
static pthread_t waiter;
static timer_t timer;
static int volatile is_waiting;

static void is(long left, long right, const char *what) {
  if (left != right && ++mistakes <= 3)
    fprintf(stderr, "%s: %s is %ld, not %ld\n", SAY(NAME), what, left, right);
}
static sigset_t only(void) {
  sigset_t set;
  sigemptyset(&set), sigaddset(&set, number);
  return set;
}

static int take(int signal, int code, int pid, int value) {
  is(signal, number, "the signal");
  if (code == SI_TIMER) {
    is(value, id + TICK, "the timer's value");
    return ticks++, 1;
  }
  is(pid, getpid(), "the sender");
  if (code == SI_USER) return killed++, 1;
  if (value == id + LAST) return 0;
  is(code, SI_QUEUE, "the code");
  is(value, id + ++last, "the value");
  return got++, 1;
}
static int by_sigwait(int unused) {
  siginfo_t info;
  sigset_t set = only();
  (void)unused;
  int signal = sigwaitinfo(&set, &info);
  if (signal < 0) return errno == EINTR;
  is(info.si_signo, signal, "si_signo");
  return take(signal, info.si_code, info.si_pid, info.si_value.sival_int);
}
static int by_signalfd(int file) {
  struct signalfd_siginfo info;
  if (read(file, &info, sizeof info) != sizeof info) return errno == EINTR;
  return take((int)info.ssi_signo, info.ssi_code, (int)info.ssi_pid, info.ssi_int);
}
static void *body(void *unused) {
  sigset_t set = only();
  int file = own_way == WAITS_BY_SIGNALFD ? signalfd(-1, &set, SFD_CLOEXEC) : -1;
  if (file < 0) sigtimedwait(&set, NULL, &(struct timespec){0});
  is_waiting = 1;
  while (file >= 0 ? by_signalfd(file) : by_sigwait(0)) continue;
  if (file >= 0) close(file);
  return unused;
}

static void begin(int the_number, int way) {
  number = the_number, own_way = way;
  mistakes = last = got = ticks = killed = is_waiting = 0;
  pthread_create(&waiter, NULL, body, NULL);
  while (!is_waiting) usleep(100);
}
static void queue(int value) {
  union sigval data = {.sival_int = id + value};
  while (sigqueue(getpid(), number, data) != 0 && errno == EAGAIN) usleep(100);
}
static void send_all(int the_id) {
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = number};
  id = the_id, event.sigev_value.sival_int = id + TICK;
  sigset_t set = only(), now;
  pthread_sigmask(SIG_BLOCK, NULL, &now);
  is(sigismember(&now, number), 1, "blocked");
  is(timer_create(CLOCK_MONOTONIC, &event, &timer), 0, "timer_create");
  struct itimerspec each = {{0, 2000000}, {0, 2000000}}, none = {0};
  timer_settime(timer, 0, &each, NULL);
  for (int i = 1; i <= ROUNDS; i++) {
    queue(i);
    if (i % 10 == 0) is(kill(getpid(), number), 0, "kill");
    usleep(200);
  }
  timer_settime(timer, 0, &none, NULL);
  timer_delete(timer);
  pthread_sigmask(SIG_BLOCK, &set, &now);
  is(sigismember(&now, number), 1, "still blocked");
  queue(LAST);
}
static int end(void) {
  struct timespec limit;
  clock_gettime(CLOCK_REALTIME, &limit);
  limit.tv_sec += mistakes == 0 ? 5 : 1;
  if (pthread_timedjoin_np(waiter, NULL, &limit) != 0) {
    fprintf(stderr, "%s: still waits, got %d\n", SAY(NAME), got);
    _exit(1);
  }
  is(got, ROUNDS, "how many were queued");
  is(killed, ROUNDS / 10, "how many were sent by kill");
  is(ticks > 0, 1, "that the timer ticked");
  return mistakes;
}

static struct waits self = {begin, send_all, end};
struct waits *NAME(void) { return &self; }
