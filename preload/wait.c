// Calls that put a mask in force while they wait. What other runtimes need is left out of it, and a
// wait that ended only because another runtime's handler ran is taken up again.
#include "preload.h"

#include <string.h>
#include <sys/epoll.h>

static const sigset_t *passable(const sigset_t *mask, sigset_t *copy, uint64_t caller) {
  if (mask == NULL || !coexist_ready()) return mask;
  uint64_t word;
  memcpy(&word, mask, sizeof word);
  word = coexist_core_passable(word, caller);
  memset(copy, 0, sizeof *copy);
  memcpy(copy, &word, sizeof word);
  return copy;
}

EXPORT int sigsuspend(const sigset_t *mask) {
  sigset_t copy;
  const sigset_t *real = passable(mask, &copy, CALLER);
  if (real == mask || memcmp(mask, &copy, 8) == 0) return coexist_real.sigsuspend(real);
  uint64_t hidden, wanted;
  memcpy(&wanted, mask, sizeof wanted);
  memcpy(&hidden, real, sizeof hidden);
  hidden = wanted & ~hidden;
  coexist_core_suspended(0, 0);  // forget what came before
  // Signals of the hidden ones were not to wake the caller: only a handler of its own does.
  while (coexist_core_suspended(coexist_real.sigsuspend(real), hidden)) continue;
  errno = EINTR;
  return -1;
}
EXPORT int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask) {
  sigset_t copy;
  return coexist_real.ppoll(fds, count, timeout, passable(mask, &copy, CALLER));
}
EXPORT int pselect(int count, fd_set *in, fd_set *out, fd_set *except,
                   const struct timespec *timeout, const sigset_t *mask) {
  sigset_t copy;
  return coexist_real.pselect(count, in, out, except, timeout, passable(mask, &copy, CALLER));
}
EXPORT int epoll_pwait(int fd, struct epoll_event *events, int most, int timeout,
                       const sigset_t *mask) {
  sigset_t copy;
  return coexist_real.epoll_pwait(fd, events, most, timeout, passable(mask, &copy, CALLER));
}
EXPORT int epoll_pwait2(int fd, struct epoll_event *events, int most,
                        const struct timespec *timeout, const sigset_t *mask) {
  sigset_t copy;
  return coexist_real.epoll_pwait2(fd, events, most, timeout, passable(mask, &copy, CALLER));
}
