// host CHECK: a C program with Lean 4 as its guest.
//   fork          a task after fork, in the child
//   overflow      Lean's stack overflow on the main thread: must say so, and abort
//   overflow-thread  the same on a thread of the host
//   share         an object of Lean's used by two threads, after coexist_share where there is one
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <coexist.h>

#include "work.h"

enum { DEEP = 1000000 };

static void *overflow(void *unused) {
  work_deep(DEEP);
  return unused;
}

static int check(const char *name) {
  pthread_t thread;
  if (strcmp(name, "fork") == 0) return work_fork();
  if (strcmp(name, "share") == 0) return work_share(coexist_share);
  if (strcmp(name, "overflow") == 0) overflow(NULL);
  if (strcmp(name, "overflow-thread") == 0 &&
      pthread_create(&thread, NULL, overflow, NULL) == 0)
    pthread_join(thread, NULL);
  return 0;
}

int main(int count, char **words) {
  if (count != 2 || !work_start()) return 64;
  int good = check(words[1]);
  printf("RESULT %s at %s\n", good ? "True" : "False", words[1]);
  return good ? 0 : 3;
}
