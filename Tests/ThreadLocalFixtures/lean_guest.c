// Lean 4 as a guest of fibers.h: the task's heartbeat counter, and with each check one query
// solved.
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long (*set_heartbeats)(long, long), (*heartbeats)(long);
static uint64_t (*load)(const char *, char **);
static char *(*solve)(uint64_t, const char *, uint64_t, uint64_t, char **);
static void (*free_string)(char *);
static uint64_t program;

__attribute__((constructor)) static void start(void) {
  const char *folder = getenv("LEAN");
  char path[4096];
  snprintf(path, sizeof path, "%s/libleanelpi.so", folder);
  void *elpi = dlopen(path, RTLD_NOW);
  if (elpi == NULL) fprintf(stderr, "%s\n", dlerror()), exit(2);
  set_heartbeats = (long (*)(long, long))dlsym(elpi, "lean_io_set_heartbeats");
  heartbeats = (long (*)(long))dlsym(elpi, "lean_io_get_num_heartbeats");
  load = (uint64_t (*)(const char *, char **))dlsym(elpi, "leanelpi_load");
  solve = (char *(*)(uint64_t, const char *, uint64_t, uint64_t, char **))dlsym(elpi,
                                                                              "leanelpi_solve");
  free_string = (void (*)(char *))dlsym(elpi, "leanelpi_free_string");
  char *error = NULL;
  if (((int (*)(char **))dlsym(elpi, "leanelpi_init"))(&error) != 0) exit(2);
  program = load("pred app i:list int, i:list int, o:list int.\n"
                 "app [] L L.\napp [X|XS] L [X|R] :- app XS L R.", &error);
  if (program == UINT64_MAX) fprintf(stderr, "load: %s\n", error ? error : "?"), exit(2);
}

void guest_set(long value) { set_heartbeats((value * 1000 + 7) << 1 | 1, 1); }
// Work between two checks counts its own heartbeats, so the counter is looked at first.
int guest_check(long value) {
  int good = heartbeats(1) >> 1 == value * 1000 + 7;
#ifdef SOLVES
  char *error = NULL;
  char *text = solve(program, "app [1,2] [3] R", 0, 0, &error);
  good = good && text != NULL && strstr(text, "[1, 2, 3]") != NULL;
  if (text != NULL) free_string(text);
  guest_set(value);
#endif
  return good;
}
