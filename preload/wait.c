// Calls that put a mask in force while they wait. What other runtimes need is left out of it, and a
// suspension that ended only because another runtime's handler ran is taken up again.
#include "preload.h"

#include <string.h>

struct wait {
  sigset_t real;
  uint64_t before[2], wanted;
  int active;
};

// The mask to give to libc; *wait remembers what to put back.
static const sigset_t *begin(struct wait *wait, const sigset_t *mask, uint64_t caller) {
  wait->active = mask != NULL && coexist_ready();
  if (!wait->active) return mask;
  memset(&wait->real, 0, sizeof wait->real);
  memcpy(&wait->wanted, mask, sizeof wait->wanted);
  uint64_t real = coexist_core_wait_begin(wait->wanted, caller, wait->before);
  memcpy(&wait->real, &real, sizeof real);
  return &wait->real;
}
static int end(struct wait *wait, int result) {
  if (wait->active) coexist_core_wait_end(wait->before);
  return result;
}

EXPORT int sigsuspend(const sigset_t *mask) {
  struct wait wait;
  const sigset_t *real = begin(&wait, mask, CALLER);
  do coexist_real.sigsuspend(real);
  while (wait.active && coexist_core_woken_by_others());
  errno = EINTR;
  return end(&wait, -1);
}
EXPORT int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask) {
  struct wait wait;
  mask = begin(&wait, mask, CALLER);
  return end(&wait, coexist_real.ppoll(fds, count, timeout, mask));
}
EXPORT int pselect(int count, fd_set *in, fd_set *out, fd_set *except,
                   const struct timespec *timeout, const sigset_t *mask) {
  struct wait wait;
  mask = begin(&wait, mask, CALLER);
  return end(&wait, coexist_real.pselect(count, in, out, except, timeout, mask));
}
EXPORT int epoll_pwait(int fd, struct epoll_event *events, int most, int timeout,
                       const sigset_t *mask) {
  struct wait wait;
  mask = begin(&wait, mask, CALLER);
  return end(&wait, coexist_real.epoll_pwait(fd, events, most, timeout, mask));
}
EXPORT int epoll_pwait2(int fd, struct epoll_event *events, int most,
                        const struct timespec *timeout, const sigset_t *mask) {
  struct wait wait;
  mask = begin(&wait, mask, CALLER);
  return end(&wait, coexist_real.epoll_pwait2(fd, events, most, timeout, mask));
}
