// See numbers.h. -DSTOPS_WORLD: it is a collector, and SIGPWR its own (to the catalogue).
#include "guests/numbers.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TEXT(name) #name
#define SAY(name) TEXT(name)

enum { ROUNDS = 40 };
static __thread int mistakes;

#define IS(a, b)                                                                             \
  do {                                                                                       \
    long left_ = (long)(a), right_ = (long)(b);                                              \
    if (left_ != right_ && ++mistakes <= 3)                                                  \
      fprintf(stderr, "%s: line %d: %s is %ld, not %ld\n", SAY(NAME), __LINE__, #a, left_,   \
              right_);                                                                       \
  } while (0)

#ifdef STOPS_WORLD
void GC_stop_world_external(void) {}
#endif

// ---- what arrives ----

static volatile int got, last, wrong;

static void take(int number, const siginfo_t *info, int want) {
  got++;
  wrong += number != want || info->si_signo != want || info->si_pid != getpid();
  if (info->si_code != SI_QUEUE) return;
  int next = info->si_value.sival_int;
  wrong += want < 32 ? next <= last : next != last + 1;  // standard signals do not queue
  last = info->si_value.sival_int;
}
static int expected;
static void handler(int number, siginfo_t *info, void *context) {
  (void)context;
  int error = errno;
  take(number, info, expected);
  errno = error;
}
static void reset(int number) { got = last = wrong = 0, expected = number; }
static struct sigaction install(int number, int flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags}, back;
  IS(sigaction(number, &action, 0), 0);
  IS(sigaction(number, 0, &back), 0);
  IS((long)back.sa_sigaction, (long)handler);
  return back;
}

// ---- who sends ----

struct sending {
  pthread_t to, by;
  int number, count, every_us;
  volatile int stop, sent;
};
static void nap(int us) { usleep((useconds_t)us); }
static void *send_all(void *argument) {
  struct sending *sending = argument;
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, 0);
  for (int i = 1; i <= sending->count && !sending->stop; i++) {
    union sigval value = {.sival_int = i};
    while (pthread_sigqueue(sending->to, sending->number, value) == EAGAIN) nap(100);
    sending->sent = i;
    if (sending->every_us) nap(sending->every_us);
  }
  return NULL;
}
static void begin(struct sending *sending, int number, int count, int every_us) {
  *sending = (struct sending){.to = pthread_self(), .number = number, .count = count,
                              .every_us = every_us};
  pthread_create(&sending->by, 0, send_all, sending);
}
static int until(int count) {
  for (int i = 0; i < 20000 && got < count; i++) nap(100);
  return got;
}
static sigset_t only(int number) {
  sigset_t set;
  sigemptyset(&set), sigaddset(&set, number);
  return set;
}

// ---- the ways ----

static void way_handler(int number) {
  struct sending sending;
  install(number, SA_RESTART);
  begin(&sending, number, ROUNDS, 100);
  if (number > 31) IS(until(ROUNDS), ROUNDS);
  pthread_join(sending.by, 0);
  IS(until(1) > 0, 1);
  IS(wrong, 0);
}
static void way_count(int number) {
  sigset_t set = only(number), old;
  install(number, 0);
  IS(pthread_sigmask(SIG_BLOCK, &set, &old), 0);
  for (int i = 1; i <= ROUNDS; i++)
    IS(pthread_sigqueue(pthread_self(), number, (union sigval){.sival_int = i}), 0);
  nap(1000);
  IS(got, 0);
  sigset_t pending;
  sigpending(&pending);
  IS(sigismember(&pending, number), 1);
  IS(pthread_sigmask(SIG_UNBLOCK, &set, 0), 0);
  IS(got, number < 32 ? 1 : ROUNDS);
  IS(wrong, 0);
  sigpending(&pending);
  IS(sigismember(&pending, number), 0);
  pthread_sigmask(SIG_SETMASK, &old, 0);
}
static void way_suspend(int number) {
  sigset_t set = only(number), old, inside;
  struct sending sending;
  install(number, 0);
  IS(pthread_sigmask(SIG_BLOCK, &set, &old), 0);
  inside = old;
  sigdelset(&inside, number);
  begin(&sending, number, ROUNDS, 100);
  while (got < (number < 32 ? 1 : ROUNDS)) {
    int before = got;
    IS(sigsuspend(&inside), -1);
    IS(errno, EINTR);
    IS(got > before, 1);
    if (got == before) break;
  }
  pthread_join(sending.by, 0);
  IS(wrong, 0);
  while (sigtimedwait(&set, 0, &(struct timespec){0}) > 0) continue;
  pthread_sigmask(SIG_SETMASK, &old, 0);
}
static void wait_for_all(int number, int (*next)(int, siginfo_t *, void *), void *context) {
  sigset_t set = only(number), old;
  struct sending sending;
  IS(pthread_sigmask(SIG_BLOCK, &set, &old), 0);
  IS(sigtimedwait(&set, 0, &(struct timespec){0}), -1);
  begin(&sending, number, number < 32 ? 1 : ROUNDS, 100);
  while (got < sending.count) {
    siginfo_t info;
    int taken = next(number, &info, context);
    IS(taken, number);
    if (taken != number) break;
    take(taken, &info, number);
  }
  pthread_join(sending.by, 0);
  IS(wrong, 0);
  IS(got, sending.count);
  IS(sigtimedwait(&set, 0, &(struct timespec){0}), -1);
  pthread_sigmask(SIG_SETMASK, &old, 0);
}
static int by_sigwaitinfo(int number, siginfo_t *info, void *context) {
  sigset_t set = only(number);
  (void)context;
  return sigtimedwait(&set, info, &(struct timespec){5, 0});
}
static void way_sigwait(int number) { wait_for_all(number, by_sigwaitinfo, 0); }
static int by_signalfd(int number, siginfo_t *info, void *context) {
  struct signalfd_siginfo read_info;
  (void)number;
  for (int i = 0; i < 50000; i++) {
    long size = read(*(int *)context, &read_info, sizeof read_info);
    if (size == sizeof read_info) {
      info->si_signo = (int)read_info.ssi_signo, info->si_code = read_info.ssi_code;
      info->si_pid = (int)read_info.ssi_pid, info->si_value.sival_int = read_info.ssi_int;
      return info->si_signo;
    }
    nap(100);
  }
  return -1;
}
static void way_signalfd(int number) {
  sigset_t set = only(number), old;
  IS(pthread_sigmask(SIG_BLOCK, &set, &old), 0);
  int file = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  wait_for_all(number, by_signalfd, &file);
  close(file);
  pthread_sigmask(SIG_SETMASK, &old, 0);
}
// A timer counts what comes while its signal waits (timer_getoverrun(2)).
static volatile int overruns;
static timer_t timer;
static void on_timer(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  got++;
  wrong += info->si_code != SI_TIMER || info->si_signo != expected;
  wrong += info->si_overrun != timer_getoverrun(timer);
  overruns = info->si_overrun;
}
static void way_overrun(int number) {
  sigset_t set = only(number), old;
  struct sigaction action = {.sa_sigaction = on_timer, .sa_flags = SA_SIGINFO};
  struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = number};
  event._sigev_un._tid = gettid();
  IS(sigaction(number, &action, 0), 0);
  IS(pthread_sigmask(SIG_BLOCK, &set, &old), 0);
  IS(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
  struct itimerspec each = {{0, 1000000}, {0, 1000000}};
  IS(timer_settime(timer, 0, &each, 0), 0);
  nap(4000);
  struct itimerspec none = {0};
  IS(got, 0);
  IS(timer_settime(timer, 0, &each, 0), 0);
  nap(4000);
  IS(pthread_sigmask(SIG_UNBLOCK, &set, 0), 0);
  IS(timer_settime(timer, 0, &none, 0), 0);
  IS(got >= 1, 1);
  IS(wrong, 0);
  IS(timer_delete(timer), 0);
  pthread_sigmask(SIG_SETMASK, &old, 0);
}
static void way_once(int number) {
  struct sigaction back;
  install(number, SA_RESETHAND);
  IS(pthread_kill(pthread_self(), number), 0);
  IS(got, 1);
  sigaction(number, 0, &back);
  IS((long)back.sa_handler, (long)SIG_DFL);
  install(number, 0);
}
static void way_ignore(int number) {
  struct sigaction back;
  signal(number, SIG_IGN);
  for (int i = 0; i < ROUNDS; i++) IS(pthread_kill(pthread_self(), number), 0);
  sigaction(number, 0, &back);
  IS((long)back.sa_handler, (long)SIG_IGN);
  IS(got, 0);
  install(number, 0);
}
static void way_fork(int number) {
  install(number, 0);
  pid_t child = fork();
  if (child == 0) {
    int before = got;
    raise(number);
    _exit(got == before + 1 ? 0 : 1);
  }
  int status = -1;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  IS(status, 0);
  IS(got, 0);
}

static const struct {
  const char *name;
  void (*way)(int);
} ways[] = {{"handler", way_handler},   {"count", way_count},   {"suspend", way_suspend},
            {"sigwait", way_sigwait},   {"signalfd", way_signalfd}, {"overrun", way_overrun},
            {"once", way_once},         {"ignore", way_ignore}, {"fork", way_fork}};

static int run(const char *name, int number) {
  mistakes = 0;
  for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    if (strcmp(ways[i].name, name) != 0) continue;
    reset(number);
    ways[i].way(number);
    return mistakes;
  }
  return 1;
}

static void begin_all(int number) { reset(number), install(number, SA_RESTART); }

static struct sending flooding;
static void flood(pthread_t thread, int number) {
  reset(number);
  install(number, SA_RESTART);
  flooding = (struct sending){.to = thread, .number = number, .count = 1000000, .every_us = 500};
  pthread_create(&flooding.by, 0, send_all, &flooding);
}
static int dry(void) {
  mistakes = 0;
  until(1);
  flooding.stop = 1;
  pthread_join(flooding.by, 0);
  if (flooding.number > 31) {
    IS(until(flooding.sent), flooding.sent);
    IS(wrong, 0);
  }
  IS(until(1) > 0, 1);
  return mistakes;
}

static struct numbers self = {begin_all, run, flood, dry};
struct numbers *NAME(void) { return &self; }
