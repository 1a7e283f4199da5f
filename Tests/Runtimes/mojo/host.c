// The C side of host.mojo: what it is asked for, and what Mojo has no words for.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lean/work.h"
#include <coexist.h>

static const char *const checks[] = {
    "", "solve", "overflow", "overflow-worker", "overflow-thread", "crash", "fork", "pipe", "deep",
    "throw",
};

long host_check(void) {
  for (unsigned i = 1; i < sizeof checks / sizeof checks[0]; i++)
    if (strcmp(checks[i], getenv("CHECK")) == 0) return i;
  fprintf(stderr, "no check %s\n", getenv("CHECK"));
  exit(64);
}
void host_end(long good) {
  printf("RESULT %s at mojo.%s\n", good ? "True" : "False", getenv("CHECK"));
  fflush(stdout);
  exit(good ? 0 : 3);
}

static void *overflow(void *depth) {
  work_deep((long)depth);
  return NULL;
}
long host_overflow_on_thread(long depth) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, overflow, (void *)depth) != 0) return 0;
  return pthread_join(thread, NULL) == 0;
}

// Ctrl-Z and fg: a thread that waits in the kernel then runs on.
void host_job_control(void) {
  usleep(50000);
  for (int round = 0; round < 5; round++) {
    pid_t self = getpid(), child = fork();
    if (child == 0) {
      usleep(20000);
      kill(self, SIGSTOP);
      usleep(20000);
      kill(self, SIGCONT);
      _exit(0);
    }
    waitpid(child, NULL, 0);
    usleep(50000);
  }
  puts("RESULT True at mojo.handle");
  fflush(stdout);
}

void host_crash(void) { *(volatile int *)8 = 1; }

// On a stack of the size that Lean gives its own threads; where there is no bridge, on this one.
static void *deep(void *depth) { return (void *)work_deep((long)depth); }
long host_deep_with_room(long depth) {
  enum { GIB = 1 << 30 };
  coexist_context_t context = coexist_create();
  void *result = NULL;
  if (coexist_call == NULL) return (long)deep((void *)depth);
  if (coexist_call(context, GIB, deep, (void *)depth, &result) != 0) return 0;
  return result != NULL && coexist_destroy(context) == 0;
}
