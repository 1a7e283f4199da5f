// Children by fork and posix_spawn: what they inherit, and how they end.
#define _GNU_SOURCE
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "differential.h"

extern char **environ;

static void show_inherited(const char *who) {
  sigset_t mask;
  uint64_t ignored = 0;
  pthread_sigmask(SIG_BLOCK, NULL, &mask);
  for (int s = 1; s <= 64; s++) {
    struct sigaction now;
    if (sigaction(s, NULL, &now) == 0 && now.sa_handler == SIG_IGN) ignored |= 1ull << (s - 1);
  }
  trace("%s: mask %lx ignored %lx", who, word_of(&mask), ignored);
}

// A spawned program has no part in the trace: it answers by a pipe.
int be_spawned(void) {
  sigset_t mask;
  uint64_t answer[2] = {0};
  pthread_sigmask(SIG_BLOCK, NULL, &mask);
  answer[0] = word_of(&mask);
  for (int s = 1; s <= 64; s++) {
    struct sigaction now;
    if (sigaction(s, NULL, &now) == 0 && now.sa_handler == SIG_IGN) answer[1] |= 1ull << (s - 1);
  }
  return write(1, answer, sizeof answer) == sizeof answer ? 0 : 1;
}

static void reap(pid_t child) {
  int status = 0;
  pid_t result;
  do result = waitpid(child, &status, 0);
  while (result < 0 && errno == EINTR);
  if (result != child) return trace("waitpid: error %d", errno);
  trace("child ended: %s %d", WIFEXITED(status) ? "exit" : "signal",
        WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

static void fork_one(void) {
  int s = random_signal(), seed = (int)chance(1 << 30);
  pid_t child = fork();
  if (child == 0) {
    trace_child((uint64_t)seed);
    thread_count = 1, threads[0] = *self, self = &threads[0], self->may_jump = 0;
    self->tid = (int)gettid();
    show_inherited("child");
    step_action(), step_mask(), step_stack();
    if (may_send(s)) send_to_itself(s);
    _exit(seed & 127);
  }
  reap(child);
}

static pid_t spawn(int end) {
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t files;
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, end, 1);
  short flags = 0;
  sigset_t mask = random_set(), defaults = random_set();
  if (one_in(2)) posix_spawnattr_setsigmask(&attributes, &mask), flags |= POSIX_SPAWN_SETSIGMASK;
  if (one_in(2))
    posix_spawnattr_setsigdefault(&attributes, &defaults), flags |= POSIX_SPAWN_SETSIGDEF;
  posix_spawnattr_setflags(&attributes, flags);
  char *words[] = {"differential", "--spawned", NULL};
  pid_t child = -1;
  int error = posix_spawn(&child, "/proc/self/exe", &files, &attributes, words, environ);
  if (error != 0) trace("posix_spawn: error %d", error);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return child;
}

static pid_t exec(int end) {
  int how = (int)chance(6);
  pid_t child = one_in(2) ? fork() : vfork();
  if (child != 0) return child;
  char *words[] = {"differential", "--spawned", NULL};
  dup2(end, 1);
  if (how == 5) execv("/nowhere/at/all", words);
  switch (how) {
    case 0: execv("/proc/self/exe", words); break;
    case 1: execve("/proc/self/exe", words, environ); break;
    case 2: execl("/proc/self/exe", words[0], words[1], NULL); break;
    case 3: execle("/proc/self/exe", words[0], words[1], NULL, environ); break;
    case 4: execvpe("/proc/self/exe", words, environ); break;
    default: execlp("/proc/self/exe", words[0], words[1], NULL);
  }
  _exit(99);
}

static void run_another(int spawns) {
  int ends[2];
  if (pipe(ends) != 0) return;
  pid_t child = spawns ? spawn(ends[1]) : exec(ends[1]);
  close(ends[1]);
  uint64_t answer[2] = {0};
  long size = 0, more;
  while (child > 0 && size < (long)sizeof answer) {
    more = read(ends[0], (char *)answer + size, sizeof answer - (size_t)size);
    if (more == 0 || (more < 0 && errno != EINTR)) break;
    if (more > 0) size += more;
  }
  close(ends[0]);
  // posix_spawn cannot make a handler of another party into SIG_IGN.
  if (spawns && careful) answer[1] = 0;
  trace("%s: mask %lx ignored %lx", spawns ? "spawned" : "executed", answer[0], answer[1]);
  if (child > 0) reap(child);
}

void step_child(void) {
  // What a child's end interrupts is not always the same instruction.
  sigset_t chld, mask;
  sigemptyset(&chld), sigaddset(&chld, SIGCHLD);
  struct sigaction now;
  sigaction(SIGCHLD, NULL, &now);
  if (now.sa_handler != SIG_DFL) return;
  self->may_jump = 0;
  pthread_sigmask(SIG_BLOCK, NULL, &mask);
  trace("child");
  switch (chance(4)) {
    case 0: return run_another(1);
    case 1: return run_another(0);
    default: return fork_one();
  }
}
