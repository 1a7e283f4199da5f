// Children: who makes them, and who waits for them (core: Signals/Children, Signals/ChildWaits).
// vfork(2) is in arch/x86_64/vfork.S, posix_spawn(3) in exec.c.
#include "donor.h"

#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

EXPORT pid_t fork(void) {
  uint64_t caller = CALLER;
  int active = coexist_ready() && !coexist_in_vfork();
  if (active) coexist_core_child_begins(caller);
  struct coexist_fork fork = COEXIST_FORK;
  if (active) coexist_fork_begins(&fork);
  pid_t pid = coexist_real.fork();
  if (active) coexist_fork_ends(&fork, pid);
  if (active && pid != 0) coexist_core_child_made(pid, caller);
  return pid;
}
EXPORT pid_t __fork(void) __attribute__((alias("fork")));
EXPORT int forkpty(int *terminal, char *name, const struct termios *settings,
                   const struct winsize *size) {
  uint64_t caller = CALLER;
  int active = coexist_ready() && !coexist_in_vfork();
  if (active) coexist_core_child_begins(caller);
  struct coexist_fork fork = COEXIST_FORK;
  if (active) coexist_fork_begins(&fork);
  pid_t pid = coexist_real.forkpty(terminal, name, settings, size);
  if (active) coexist_fork_ends(&fork, pid);
  if (active && pid != 0) coexist_core_child_made(pid, caller);
  return pid;
}
// For vfork.S. The parent goes on when the child has its own memory, or is gone.
void coexist_vfork_begins(uint64_t caller) {
  if (coexist_ready() && !coexist_in_vfork()) coexist_core_child_begins(caller);
}
void coexist_vfork_made(int32_t pid, uint64_t caller) {
  if (coexist_ready() && !coexist_in_vfork()) coexist_core_child_made(pid, caller);
}
// These wait for what they start themselves, by its pid; the kernel must not reap it for another.
EXPORT int system(const char *command) {
  uint64_t caller = CALLER;
  int active = coexist_ready();
  if (active) coexist_core_child_begins(caller), coexist_core_child_made(-1, caller);
  return coexist_real.system(command);
}
EXPORT FILE *popen(const char *command, const char *mode) {
  uint64_t caller = CALLER;
  int active = coexist_ready();
  if (active) coexist_core_child_begins(caller), coexist_core_child_made(-1, caller);
  return coexist_real.popen(command, mode);
}

static struct coexist_child_wait begin(pid_t pid, uint64_t caller) {
  if (coexist_ready() && !coexist_in_vfork()) return coexist_core_child_wait(pid, caller);
  return (struct coexist_child_wait){0, 0, 0};
}

// The child that the caller may wait for; 0 = none is ready. It waits for one, unless WNOHANG says
// not to; returns -1 with errno set when there can be none, or a handler ended the wait.
static pid_t choose(const struct coexist_child_wait *wait, int options) {
  for (long pause_ns = 1000000;; pause_ns = pause_ns < 8000000 ? pause_ns * 2 : pause_ns) {
    int32_t next = coexist_core_child_next(wait, options & ~WNOHANG);
    if (next < 0) return errno = -next, -1;
    if (next > 0 || options & WNOHANG) return next;
    // Any child of the process ends this. It may be another runtime's, which will come for it.
    siginfo_t info;
    if (coexist_real.waitid(P_ALL, 0, &info, options | WNOWAIT) != 0) return -1;
    next = coexist_core_child_next(wait, options);
    if (next != 0) continue;
    nanosleep(&(struct timespec){0, pause_ns}, NULL);
  }
}

static pid_t wait_for(pid_t pid, int *status, int options, struct rusage *usage,
                      uint64_t caller) {
  struct coexist_child_wait wait = begin(pid, caller);
  for (;;) {
    pid_t which = wait.chooses ? choose(&wait, options | WEXITED) : pid;
    if (wait.chooses && which <= 0) return which;
    int word = 0;
    pid_t got = coexist_real.wait4(which, &word, options | (wait.chooses ? WNOHANG : 0), usage);
    // Another thread of the runtime was faster.
    if (wait.chooses && (got == 0 || (got < 0 && errno == ECHILD))) continue;
    if (got > 0 && (WIFEXITED(word) || WIFSIGNALED(word))) {
      coexist_core_child_gone(got);
      if (wait.reaped && wait.chooses) continue;
      if (wait.reaped) return errno = ECHILD, -1;
    }
    if (got > 0 && status != NULL) *status = word;
    return got;
  }
}
EXPORT pid_t wait(int *status) { return wait_for(-1, status, 0, NULL, CALLER); }
EXPORT pid_t __wait(int *status) __attribute__((alias("wait")));
EXPORT pid_t waitpid(pid_t pid, int *status, int options) {
  return wait_for(pid, status, options, NULL, CALLER);
}
EXPORT pid_t __waitpid(pid_t pid, int *status, int options) __attribute__((alias("waitpid")));
EXPORT pid_t wait3(int *status, int options, struct rusage *usage) {
  return wait_for(-1, status, options, usage, CALLER);
}
EXPORT pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage) {
  return wait_for(pid, status, options, usage, CALLER);
}
EXPORT int waitid(idtype_t type, id_t id, siginfo_t *given, int options) {
  siginfo_t own, *info = given != NULL ? given : &own;
  struct coexist_child_wait wait = begin(type == P_ALL ? -1 : 1, CALLER);
  for (;;) {
    pid_t which = wait.chooses ? choose(&wait, options) : 0;
    if (which < 0) return -1;
    if (wait.chooses && which == 0) {  // as the kernel tells that none was ready
      info->si_signo = 0, info->si_errno = 0, info->si_code = 0;
      info->si_pid = 0, info->si_uid = 0, info->si_status = 0;
      return 0;
    }
    info->si_pid = 0;
    int result = wait.chooses ? coexist_real.waitid(P_PID, (id_t)which, info, options | WNOHANG)
                              : coexist_real.waitid(type, id, info, options);
    if (wait.chooses && (result == 0 ? info->si_pid == 0 : errno == ECHILD)) continue;
    int ended = result == 0 && info->si_pid > 0 && info->si_code <= CLD_DUMPED;
    if (ended && !(options & WNOWAIT)) {
      coexist_core_child_gone(info->si_pid);
      if (wait.reaped && wait.chooses) continue;
      if (wait.reaped) return errno = ECHILD, -1;
    }
    return result;
  }
}
