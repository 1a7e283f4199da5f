// The C side of host.mojo: what it is asked for, and what Mojo has no words for.
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lean/work.h"
#include <coexist.h>

static const char *const steps[] = {
    "", "solve", "awaits", "throw", "java", "deep", "fork",  // a right answer
    "pipe", "overflow", "overflow-worker", "overflow-thread", "crash",  // must end the process
};
static char *rest;
static const char *name;
static int wrong;

// The next step of CHECK=STEP,… as a number; after the last one the process ends.
long host_next(void) {
  if (name == NULL) rest = strdup(getenv("CHECK"));
  name = strsep(&rest, ",");
  if (name == NULL) exit(wrong ? 3 : 0);
  for (unsigned i = 1; i < sizeof steps / sizeof steps[0]; i++)
    if (strcmp(steps[i], name) == 0) return i;
  fprintf(stderr, "there is no step %s\n", name);
  exit(64);
}
void host_result(long good) {
  if (good != 1) wrong = 1;
  printf("RESULT %s at mojo.%s\n", good == 1 ? "True" : "False", name);
  fflush(stdout);
}

// HotSpot in the Mojo program, and its checks of ../jvm/Faults.java: JVM and JVMHOST are libraries.
long host_java(void) {
  static int (*check)(const char *);
  if (check == NULL) {
    void *library = dlopen(getenv("JVMHOST"), RTLD_NOW);
    if (library == NULL) fprintf(stderr, "%s\n", dlerror()), exit(2);
    int (*start)(const char *, const char *) = dlsym(library, "jvmhost_start");
    check = dlsym(library, "jvmhost_check");
    if (start(getenv("JVM"), getenv("CLASSES")) != 0) return 0;
  }
  return check("npe") == 0 && check("so") == 0 && check("gc") == 0;
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
