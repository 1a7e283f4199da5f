// What tasks.mojo calls: GUEST's state, and how often a task came back on another OS thread.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void (*set)(long);
static int (*check)(long);
static atomic_int moved, checks;
static int where[4096];

void probe_start(void) {
  void *guest = dlopen(getenv("GUEST"), RTLD_NOW);
  if (guest == NULL) fprintf(stderr, "%s\n", dlerror()), exit(2);
  set = (void (*)(long))dlsym(guest, "guest_set");
  check = (int (*)(long))dlsym(guest, "guest_check");
}
void probe_set(long task) {
  where[task] = gettid();
  set(task);
}
long probe_check(long task) {
  checks++;
  if (where[task] != gettid()) moved++, where[task] = gettid();
  return !check(task);
}
// The exit code says both: nothing lost, and there was something to lose.
void probe_end(long lost) {
  printf("%ld of %d awaits lost state, %d moved\n", lost, checks, moved);
  fflush(stdout);
  _exit(lost != 0 ? 1 : moved == 0 ? 3 : 0);
}
