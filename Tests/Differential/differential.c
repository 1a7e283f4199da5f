// differential FIRST COUNT [--trace] [--careful]: runs the programs of these seeds, each in a
// process of its own, and prints for each how it ended and a hash of its trace, or the trace.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "differential.h"

int be_spawned(void);
__attribute__((weak)) void company_come(void);  // where company/company.c is preloaded

static uint64_t hash(const char *text) {  // FNV-1a
  uint64_t hash = 14695981039346656037ull;
  for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 1099511628211ull;
  return hash;
}

static void one(uint64_t seed, int whole) {
  trace_begin(seed);
  pid_t child = fork();
  if (child == 0) {
    alarm(0);
    take_turns(20 + (int)chance(60));
    _exit(0);
  }
  int status = 0;
  for (int tenths = 0; waitpid(child, &status, WNOHANG) == 0; tenths++) {
    if (tenths == 10000) kill(child, SIGKILL), status = 0;
    usleep(tenths < 100 ? 200 : 1000);
  }
  int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  if (whole) printf("%s", trace_text());
  printf("%lu %d %016lx\n", seed, signal, hash(trace_text()));
  fflush(stdout);
}

int main(int count, char **words) {
  if (count == 2 && strcmp(words[1], "--spawned") == 0) return be_spawned();
  if (count < 3) {
    fprintf(stderr, "usage: differential FIRST COUNT [--trace] [--careful]\n");
    return 2;
  }
  int whole = 0;
  for (int i = 3; i < count; i++) {
    if (strcmp(words[i], "--trace") == 0) whole = 1;
    if (strcmp(words[i], "--careful") == 0) careful = 1;
  }
  if (company_come != NULL) company_come();
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  uint64_t first = strtoul(words[1], NULL, 10), programs = strtoul(words[2], NULL, 10);
  for (uint64_t i = 0; i < programs; i++) one(first + i, whole);
  return 0;
}
