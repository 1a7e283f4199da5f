// What mojo_lean.mojo calls: bench_run turned inside out, and a query for Lean 4 (the folder LEAN).
#include "bench.h"

static long rounds, operations, round_now, operation_now;
static double *results, start;
static uint64_t program;
static char *(*solve)(uint64_t, const char *, uint64_t, uint64_t, char **);
static void (*free_string)(char *);

static void *function(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (found == NULL) bench_fail(name);
  return found;
}

void bench_begin(void) {
  rounds = atol(getenv("BENCH_ROUNDS")), operations = atol(getenv("BENCH_OPERATIONS"));
  results = calloc((size_t)rounds, sizeof *results);
  char path[4096], *error = NULL;
  snprintf(path, sizeof path, "%s/libleanelpi.so", getenv("LEAN"));
  void *elpi = dlopen(path, RTLD_NOW);
  if (elpi == NULL) bench_fail(dlerror());
  solve = (char *(*)(uint64_t, const char *, uint64_t, uint64_t, char **))function(
      elpi, "leanelpi_solve");
  free_string = (void (*)(char *))function(elpi, "leanelpi_free_string");
  int (*init)(char **) = (int (*)(char **))function(elpi, "leanelpi_init");
  uint64_t (*load)(const char *, char **) =
      (uint64_t (*)(const char *, char **))function(elpi, "leanelpi_load");
  if (init(&error) != 0) bench_fail("leanelpi_init");
  program = load("pred app i:list int, i:list int, o:list int.\n"
                 "app [] L L.\napp [X|XS] L [X|R] :- app XS L R.", &error);
  operation_now = -operations;  // the first round warms up
}

long bench_ask(void) {
  char *error = NULL, *text = solve(program, "app [1,2,3,4,5,6,7,8] [9] R", 0, 0, &error);
  long good = text != NULL && strstr(text, "8, 9]") != NULL;
  if (text != NULL) free_string(text);
  return good;
}

void bench_check(long good) {
  if (good != 2) bench_fail("a wrong answer");
}

long bench_next(void) {
  if (operation_now == operations) {
    results[round_now++] = (bench_now() - start) / (double)operations;
    operation_now = 0;
    if (round_now == rounds) {
      for (long round = 0; round < rounds; round++) printf("%.2f\n", results[round]);
      fflush(stdout);
      _Exit(0);
    }
  }
  if (operation_now++ == 0) start = bench_now();
  return 1;
}
