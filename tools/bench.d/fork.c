// fork and wait; with the word "exec" the child becomes `true`.
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static int executes;
static void fork_wait(void) {
  pid_t child = fork();
  if (child == 0) {
    if (executes) execl("/bin/true", "true", NULL);
    _exit(1);
  }
  waitpid(child, NULL, 0);
}

int main(int argc, char **argv) {
  executes = strcmp(bench_word(argc, argv, 0), "exec") == 0;
  return bench_run(argv, fork_wait);
}
