// Calls that put a mask in force while they wait. What other runtimes need is left out of it, and a
// suspension that ended only because another runtime's handler ran is taken up again.
#include "preload.h"

#include <string.h>
#include <time.h>

struct wait {
  sigset_t real;
  struct coexist_wait own, outer;
  uint64_t wanted;
  int active;
};

// The mask to give to libc; *wait remembers what to put back.
static const sigset_t *begin(struct wait *wait, const sigset_t *mask, uint64_t caller) {
  wait->active = mask != NULL && coexist_ready();
  if (!wait->active) return mask;
  memset(&wait->real, 0, sizeof wait->real);
  memcpy(&wait->wanted, mask, sizeof wait->wanted);
  uint64_t real = coexist_core_wait_begin(wait->wanted, caller, &wait->own, &wait->outer);
  memcpy(&wait->real, &real, sizeof real);
  return &wait->real;
}
static int end(struct wait *wait, int result) {
  if (wait->active) coexist_core_wait_end(&wait->own, &wait->outer);
  return result;
}

// Did it end only because others' handlers ran?
static int again(const struct wait *wait, int result) {
  return wait->active && result < 0 && errno == EINTR && coexist_core_woken_by_others();
}
static int suspend(const sigset_t *mask, uint64_t caller) {
  struct wait wait;
  const sigset_t *real = begin(&wait, mask, caller);
  do coexist_real.sigsuspend(real);
  while (again(&wait, -1));
  errno = EINTR;
  return end(&wait, -1);
}
EXPORT int sigsuspend(const sigset_t *mask) { return suspend(mask, CALLER); }
// glibc signal/sigpause.c: the BSD function has a mask, the X/Open one the signal to let in. The
// headers call the second by the first one's name.
EXPORT int bsd_sigpause(int mask) __asm__("sigpause");
EXPORT int xpg_sigpause(int signal) __asm__("__xpg_sigpause");
int bsd_sigpause(int mask) {
  sigset_t set;
  uint64_t word = (uint32_t)mask;
  sigemptyset(&set);
  memcpy(&set, &word, sizeof word);
  return suspend(&set, CALLER);
}
int xpg_sigpause(int signal) {
  uint64_t caller = CALLER;
  sigset_t set;
  sigemptyset(&set);
  if (coexist_change_mask(SIG_BLOCK, NULL, &set, caller) != 0 || sigdelset(&set, signal) < 0)
    return -1;
  return suspend(&set, caller);
}
static struct timespec plus(struct timespec a, struct timespec b, int sign) {
  a.tv_sec += sign * b.tv_sec, a.tv_nsec += sign * b.tv_nsec;
  if (a.tv_nsec < 0) a.tv_nsec += 1000000000, a.tv_sec--;
  if (a.tv_nsec >= 1000000000) a.tv_nsec -= 1000000000, a.tv_sec++;
  return a;
}
static struct timespec now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time;
}

// The time that a wait has, which it may take up again.
struct time {
  struct timespec end, left;
  const struct timespec *timeout;  // NULL: for ever
};
static void set_time(struct time *time, const struct timespec *timeout) {
  time->timeout = timeout;
  // A time that is not one is the kernel's to refuse.
  if (timeout == NULL || timeout->tv_sec < 0 || timeout->tv_sec > INT32_MAX) return;
  time->end = plus(now(), *timeout, 1);
}
static void go_on(struct time *time) {
  if (time->timeout == NULL) return;
  time->left = plus(time->end, now(), -1);
  if (time->left.tv_sec < 0) time->left = (struct timespec){0};
  time->timeout = &time->left;
}

EXPORT int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask) {
  struct wait wait;
  struct time time;
  int result;
  mask = begin(&wait, mask, CALLER);
  set_time(&time, timeout);
  while (again(&wait, result = coexist_real.ppoll(fds, count, time.timeout, mask))) go_on(&time);
  return end(&wait, result);
}
// The sets are as they were when it ends with EINTR (select(2)).
EXPORT int pselect(int count, fd_set *in, fd_set *out, fd_set *except,
                   const struct timespec *timeout, const sigset_t *mask) {
  struct wait wait;
  struct time time;
  int result;
  mask = begin(&wait, mask, CALLER);
  set_time(&time, timeout);
  while (again(&wait, result = coexist_real.pselect(count, in, out, except, time.timeout, mask)))
    go_on(&time);
  return end(&wait, result);
}
EXPORT int epoll_pwait(int fd, struct epoll_event *events, int most, int timeout,
                       const sigset_t *mask) {
  struct wait wait;
  struct time time;
  int result, left = timeout;
  mask = begin(&wait, mask, CALLER);
  struct timespec whole = {timeout / 1000, timeout % 1000 * 1000000};
  set_time(&time, timeout > 0 ? &whole : NULL);
  while (again(&wait, result = coexist_real.epoll_pwait(fd, events, most, left, mask))) {
    go_on(&time);
    if (timeout > 0) left = (int)(time.left.tv_sec * 1000 + (time.left.tv_nsec + 999999) / 1000000);
  }
  return end(&wait, result);
}
EXPORT int epoll_pwait2(int fd, struct epoll_event *events, int most,
                        const struct timespec *timeout, const sigset_t *mask) {
  struct wait wait;
  struct time time;
  int result;
  mask = begin(&wait, mask, CALLER);
  set_time(&time, timeout);
  while (again(&wait, result = coexist_real.epoll_pwait2(fd, events, most, time.timeout, mask)))
    go_on(&time);
  return end(&wait, result);
}

// What another runtime has sent to itself is given back, and the wait goes on for the rest of its
// time.
static int take(const sigset_t *set, siginfo_t *info, const struct timespec *timeout,
                uint64_t caller) {
  if (!coexist_ready() || set == NULL) return coexist_real.sigtimedwait(set, info, timeout);
  siginfo_t own;
  struct coexist_wait wait;
  struct time time;
  uint64_t signals;
  memcpy(&signals, set, sizeof signals);
  if (info == NULL) info = &own;
  set_time(&time, timeout);
  for (;;) {
    uint64_t real = coexist_core_take_begin(signals, caller, &wait);
    sigset_t wanted = {0};
    memcpy(&wanted, &real, sizeof real);
    int result = coexist_real.sigtimedwait(&wanted, info, time.timeout);
    int error = errno;
    coexist_core_take_end(&wait);
    if (result <= 0 || !coexist_core_took_anothers(result, info, caller)) {
      errno = error;
      if (result > 0) info->si_signo = result = coexist_number(result, caller);
      return result;
    }
    go_on(&time);
  }
}
EXPORT int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout) {
  return take(set, info, timeout, CALLER);
}
EXPORT int sigwaitinfo(const sigset_t *set, siginfo_t *info) {
  return take(set, info, NULL, CALLER);
}
// glibc sysdeps/unix/sysv/linux/sigwait.c: never EINTR, and errors as results.
EXPORT int sigwait(const sigset_t *set, int *signal) {
  uint64_t caller = CALLER;
  siginfo_t info;
  int result;
  do result = take(set, &info, NULL, caller);
  while (result < 0 && errno == EINTR);
  if (result < 0) return errno;
  *signal = result;
  return 0;
}

EXPORT int sigpending(sigset_t *set) {
  int ready = coexist_ready(), result = coexist_real.sigpending(set);
  uint64_t word, real;
  if (result != 0 || !ready) return result;
  memcpy(&real, set, sizeof real);
  word = coexist_core_numbers(real | coexist_core_held(), CALLER);
  if (word == real) return result;
  memcpy(set, &word, sizeof word);
  return result;
}
