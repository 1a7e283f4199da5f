// KiB of this process that no other shares (/proc/self/smaps), beside a second one of its kind: a
// library's unwritten pages are the first one's only as long as it is alone. The word "all": a line
// a mapping.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

extern char **environ;

// The second one is there until its standard input ends.
static pid_t second(char *program, int *until) {
  int to[2], from[2];
  char *const words[] = {program, "1", "1", "stays", NULL};
  char byte;
  pid_t child;
  posix_spawn_file_actions_t files;
  if (pipe(to) != 0 || pipe(from) != 0) bench_fail("pipe");
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, to[0], 0);
  posix_spawn_file_actions_adddup2(&files, from[1], 1);
  posix_spawn_file_actions_addclose(&files, to[1]);
  if (posix_spawn(&child, program, &files, NULL, words, environ) != 0) bench_fail("posix_spawn");
  close(from[1]);
  if (read(from[0], &byte, 1) != 1) bench_fail("the second process");
  *until = to[1];
  return child;
}
static int stays(void) {
  char byte;
  if (write(1, "s", 1) != 1) return 1;
  while (read(0, &byte, 1) > 0) {}
  return 0;
}

static long private_kib(int all) {
  FILE *maps = fopen("/proc/self/smaps", "r");
  char line[4096], name[4096] = "";
  long total = 0, kib, here = 0;
  while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
    unsigned long low, high;
    if (sscanf(line, "%lx-%lx", &low, &high) == 2) strcpy(name, line), here = 0;
    else if (sscanf(line, "Private_Clean: %ld", &kib) == 1) total += kib, here += kib;
    else if (sscanf(line, "Private_Dirty: %ld", &kib) == 1) {
      total += kib, here += kib;
      if (all && here != 0) printf("# %ld KiB %s", here, name);
    }
  }
  return total;
}

int main(int argc, char **argv) {
  const char *word = bench_word(argc, argv, 0);
  if (strcmp(word, "stays") == 0) return stays();
  int until;
  pid_t child = second(argv[0], &until);
  long kib = private_kib(strcmp(word, "all") == 0);
  close(until);
  waitpid(child, NULL, 0);
  printf("%ld\n", kib);
  return 0;
}
