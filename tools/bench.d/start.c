// Start to end of `true`. The library to preload comes in BENCH_PRELOAD: this process goes without.
#include <spawn.h>
#include <sys/wait.h>

#include "bench.h"

extern char **environ;
static void start_wait(void) {
  char *const argv[] = {"true", NULL};
  pid_t child;
  if (posix_spawn(&child, "/bin/true", NULL, NULL, argv, environ) != 0) bench_fail("posix_spawn");
  waitpid(child, NULL, 0);
}

int main(int argc, char **argv) {
  (void)argc;
  const char *library = getenv("BENCH_PRELOAD");
  if (library != NULL) setenv("LD_PRELOAD", library, 1);
  return bench_run(argv, start_wait);
}
