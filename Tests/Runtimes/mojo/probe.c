// What tasks.mojo calls: GUEST's state, and how often a task came back on another OS thread.
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void (*set)(long);
static int (*check)(long);
static atomic_int moved, checks;
enum { TASKS = 4096, ENOUGH = 20, LEAST = 300, MOST = 400000 };
static int where[TASKS];

void probe_start(void) {
  void *guest = dlopen(getenv("GUEST"), RTLD_NOW);
  if (guest == NULL) fprintf(stderr, "%s\n", dlerror()), exit(2);
  set = (void (*)(long))dlsym(guest, "guest_set");
  check = (int (*)(long))dlsym(guest, "guest_check");
}
void probe_set(long task) {
  where[task % TASKS] = gettid();
  set(task);
}
long probe_check(long task) {
  checks++;
  int *before = &where[task % TASKS];
  if (*before != gettid()) moved++;
  *before = gettid();
  return !check(task);
}
// On a busy machine the tasks may all run on one thread for a while: then there is nothing to lose.
long probe_wants_more(void) {
  return checks < LEAST || (moved < ENOUGH && checks < MOST);
}
void probe_end(long lost) {
  printf("%ld of %d awaits lost state, %d moved\n", lost, checks, moved);
  fflush(stdout);
  _exit(moved < ENOUGH ? 4 : lost != 0);
}
