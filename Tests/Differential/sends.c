// Senders by all their names. Whoever has sent waits until it has arrived.
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/pidfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "differential.h"

static union sigval number(void) { return (union sigval){.sival_int = (int)chance(1000)}; }

void send_to_itself(int s) {
  trace("sends %d to itself", s);
  switch (chance(5)) {
    case 0: raise(s); break;
    case 1: pthread_kill(pthread_self(), s); break;
    case 2: tgkill(getpid(), self->tid, s); break;
    case 3: pthread_sigqueue(pthread_self(), s, number()); break;
    case 4: syscall(SYS_tgkill, getpid(), self->tid, s); break;
  }
}

static void send_to_thread(int s) {
  struct thread *to = random_thread();
  trace("sends %d to thread %d", s, to->index);
  switch (chance(4)) {
    case 0: pthread_kill(to->id, s); break;
    case 1: tgkill(getpid(), to->tid, s); break;
    case 2: pthread_sigqueue(to->id, s, number()); break;
    case 3: syscall(SYS_tgkill, getpid(), to->tid, s); break;
  }
}

static void send_to_process(int s) {
  // Which of several threads gets it is the kernel's choice, and depends on what else is under way.
  if (careful && thread_count > 1) return;
  trace("sends %d to the process", s);
  switch (chance(4)) {
    case 0: kill(getpid(), s); break;
    case 1: sigqueue(getpid(), s, number()); break;
    case 2: syscall(SYS_kill, getpid(), s); break;
    case 3: {
      int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);
      syscall(SYS_pidfd_send_signal, fd, s, NULL, 0);
      close(fd);
    }
  }
}

void step_send(void) {
  int s = random_signal();
  if (!may_send(s)) return;
  switch (chance(3)) {
    case 0: send_to_itself(s); break;
    case 1: send_to_thread(s); break;
    case 2: send_to_process(s); break;
  }
  settle();
}
