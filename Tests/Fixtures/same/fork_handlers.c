// pthread_atfork: handlers are called in the same order, also those of a library, and no more after
// it was closed.
// plugin: handlers = guests/fork_handlers.c
#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>
#include "support/check.h"

static int in_child;
static void say(const char *text) { CHECK(write(1, text, strlen(text)) > 0); }
static void prepare1(void) { say("prepare 1\n"); }
static void parent1(void) { say("parent 1\n"); }
static void child1(void) { in_child = 1; }
static void prepare2(void) { say("prepare 2\n"); }
static void parent2(void) { say("parent 2\n"); }

static void split(const char *when) {
  say(when);
  int child = fork(), status = 0;
  if (child == 0) _exit(in_child);
  CHECK_EQ(waitpid(child, &status, 0), child);
  CHECK_EQ(WEXITSTATUS(status), 1);
}

int main(void) {
  CHECK_EQ(pthread_atfork(prepare1, parent1, child1), 0);
  CHECK_EQ(pthread_atfork(prepare2, parent2, 0), 0);
  split("two\n");
  void *library = dlopen("libhandlers.so", RTLD_NOW);
  CHECK(library != 0);
  split("with a library's\n");
  CHECK_EQ(dlclose(library), 0);
  split("without it\n");
}
