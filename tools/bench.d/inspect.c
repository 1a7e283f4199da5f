// A process with 1 000 threads at different depths, and a tool that looks at it: PROGRAM and its
// words. PID stands for our number, `_` for a space in a word. Prints the processor time that each
// look took, too.
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

extern char **environ;
static char *tool[16];

__attribute__((noinline)) static int deep(int levels) {
  if (levels == 0) return pause();
  return deep(levels - 1) + levels;
}

static void *wait_deep(void *levels) {
  deep((int)(intptr_t)levels);
  return NULL;
}

// Before all ordinary processes, where that is permitted: the budget is of a quiet processor.
static int start(pid_t *child, posix_spawn_file_actions_t *actions) {
  struct sched_param priority = {.sched_priority = 20};
  posix_spawnattr_t first;
  posix_spawnattr_init(&first);
  posix_spawnattr_setflags(&first, POSIX_SPAWN_SETSCHEDULER);
  posix_spawnattr_setschedpolicy(&first, SCHED_FIFO);
  posix_spawnattr_setschedparam(&first, &priority);
  int error = posix_spawnp(child, tool[0], actions, &first, tool, environ);
  if (error == EPERM) error = posix_spawnp(child, tool[0], actions, NULL, tool, environ);
  return error;
}

static double milliseconds(struct timeval time) {
  return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

static void look(void) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t child;
  int status = 0;
  struct rusage used;
  if (start(&child, &actions) != 0) bench_fail(tool[0]);
  wait4(child, &status, 0, &used);
  if (status != 0) bench_fail("the tool failed");
  printf("cpu %.1f ms\n", milliseconds(used.ru_utime) + milliseconds(used.ru_stime));
}

int main(int argc, char **argv) {
  char number[16];
  snprintf(number, sizeof number, "%d", (int)getpid());
  int words = 0;
  for (int i = 3; i < argc && words < 14; i++) {
    for (char *c = argv[i]; i > 3 && *c != 0; c++)
      if (*c == '_') *c = ' ';
    tool[words++] = strcmp(argv[i], "PID") == 0 ? number : argv[i];
  }
  unsetenv("LD_PRELOAD");  // the tool is not measured under coexist
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 128 << 10);
  for (int i = 0; i < 1000; i++) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, wait_deep, (void *)(intptr_t)(i % 20)) != 0)
      bench_fail("pthread_create");
  }
  usleep(100000);
  return bench_run(argv, look);
}
