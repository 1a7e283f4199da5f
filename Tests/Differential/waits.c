// Waits that bring a mask along or take a signal, and calls that a signal interrupts.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "differential.h"

static void take(const sigset_t *set) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  struct timespec none = {0};
  int result = sigtimedwait(set, &info, &none);
  if (result < 0) return trace("sigtimedwait(%lx): error %d", word_of(set), errno);
  trace("sigtimedwait: %d code %d value %d", result, info.si_code,
        info.si_code == SI_QUEUE ? info.si_int : 0);
}
static void take_by_file(sigset_t *set) {
  // In company a fault signal that waits is not in the kernel (Limitations).
  if (careful) sigdelset(set, SIGSEGV), sigdelset(set, SIGFPE), sigdelset(set, SIGTRAP);
  int fd = signalfd(-1, set, SFD_NONBLOCK);
  struct signalfd_siginfo info;
  memset(&info, 0, sizeof info);
  long size = read(fd, &info, sizeof info);
  trace("signalfd: %ld, %u code %d", size, info.ssi_signo, info.ssi_code);
  close(fd);
}

// Is something waiting that this mask lets in and that has a handler?
static int lets_in(const sigset_t *mask) {
  sigset_t pending;
  sigpending(&pending);
  for (int s = 1; s <= 64; s++) {
    struct sigaction now;
    if (!sigismember(&pending, s) || sigismember(mask, s)) continue;
    sigaction(s, NULL, &now);
    if (now.sa_handler != SIG_DFL && now.sa_handler != SIG_IGN) return 1;
  }
  return 0;
}
static int is_deadly(const sigset_t *mask) {
  sigset_t pending;
  sigpending(&pending);
  for (int s = 1; s <= 64; s++)
    if (sigismember(&pending, s) && !sigismember(mask, s) && !is_wanted(s)) return 1;
  return 0;
}

void step_wait(void) {
  sigset_t mask = random_set();
  struct timespec little = {0, 1000}, none = {0};
  struct pollfd no_file = {.fd = -1};
  int result = 0, fd;
  if (careful && is_deadly(&mask)) return;
  switch (chance(7)) {
    case 0:
    case 1: return take(&mask);
    case 2: return take_by_file(&mask);
    case 3:
      if (!lets_in(&mask)) return;
      result = sigsuspend(&mask);
      break;
    case 4: result = ppoll(&no_file, 1, one_in(2) ? &none : &little, &mask); break;
    case 5: result = pselect(0, NULL, NULL, NULL, &little, &mask); break;
    case 6: {
      struct epoll_event event;
      fd = epoll_create1(0);
      result = epoll_pwait(fd, &event, 1, 0, &mask);
      int error = errno;
      close(fd);
      errno = error;
    }
  }
  trace("waits with %lx: %d %d", word_of(&mask), result, result < 0 ? errno : 0);
}

// An interval timer or a POSIX timer fires once, and the thread waits for it.
void step_timer(void) {
  int s = one_in(2) ? SIGALRM : SIGRTMIN + 1;
  struct sigaction now;
  sigset_t mask;
  sigaction(s, NULL, &now);
  pthread_sigmask(SIG_BLOCK, NULL, &mask);
  if (now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN || sigismember(&mask, s)) return;
  int before = self->arrived;
  timer_t id;
  struct sigevent event = {.sigev_signo = s, .sigev_notify = SIGEV_THREAD_ID};
  event._sigev_un._tid = self->tid;
  event.sigev_value.sival_int = (int)chance(1000);
  trace("timer %d", s);
  if (timer_create(CLOCK_MONOTONIC, &event, &id) != 0) return;
  // A handler that jumps must not leave a timer that fires later.
  self->may_jump = 0;
  timer_settime(id, 0, &(struct itimerspec){.it_value.tv_nsec = 1000}, NULL);
  while (self->arrived == before) usleep(50);
  timer_delete(id);
}

struct writer {
  int end, before;
  struct thread *reader;
};
static void *write_later(void *argument) {
  struct writer *writer = argument;
  while (writer->reader->arrived == writer->before) usleep(50);
  usleep(500);
  if (write(writer->end, "x", 1) != 1) return NULL;
  return argument;
}
// read(2) ends with EINTR or is restarted, as the handler's SA_RESTART says.
void step_interrupt(void) {
  struct sigaction now;
  sigset_t mask, all;
  sigaction(SIGALRM, NULL, &now);
  pthread_sigmask(SIG_BLOCK, NULL, &mask);
  if (now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN || sigismember(&mask, SIGALRM))
    return;
  int ends[2];
  timer_t id;
  pthread_t writer;
  struct sigevent event = {.sigev_signo = SIGALRM, .sigev_notify = SIGEV_THREAD_ID};
  event._sigev_un._tid = self->tid;
  if (timer_create(CLOCK_MONOTONIC, &event, &id) != 0 || pipe(ends) != 0) return;
  self->may_jump = 0;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &mask);
  struct writer work = {ends[1], self->arrived, self};
  pthread_create(&writer, NULL, write_later, &work);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  char byte;
  timer_settime(id, 0, &(struct itimerspec){.it_value.tv_nsec = 400000}, NULL);
  self->reads = 1;
  long size = read(ends[0], &byte, 1);
  self->reads = 0;
  int error = size < 0 ? errno : 0;
  pthread_join(writer, NULL);
  timer_delete(id);
  close(ends[0]), close(ends[1]);
  trace("read: %ld %d", size, error);
}
