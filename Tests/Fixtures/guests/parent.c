#include "guests/parent.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void handler(int number) { (void)number; }
static void wants(int ignores) { signal(SIGCHLD, ignores ? SIG_IGN : handler); }

static int make(enum how how, int status) {
  static char text[] = "exit 0";
  char *words[] = {"sh", "-c", text, 0};
  int pid = -1;
  text[5] = (char)('0' + status);
  if (how == SPAWN) return posix_spawn(&pid, "/bin/sh", 0, 0, words, (char *[]){0}) ? -1 : pid;
  pid = how == FORK ? fork() : vfork();
  if (pid == 0) _exit(status);
  return pid;
}
static int wait_for(int pid) {
  int status;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return -errno;
  return WEXITSTATUS(status);
}
static int wait_any(int options) {
  int pid;
  while ((pid = waitpid(-1, 0, options)) < 0)
    if (errno != EINTR) return -errno;
  return pid;
}
static int waitid_any(void) {
  siginfo_t info;
  while (waitid(P_ALL, 0, &info, WEXITED) != 0)
    if (errno != EINTR) return -errno;
  return info.si_pid;
}

static struct parent self = {wants, make, wait_for, wait_any, waitid_any};
struct parent *NAME(void) { return &self; }
