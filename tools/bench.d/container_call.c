// Calls over the border: the program calls the library, which calls libc's malloc and free. In a
// container where coexist is, else after a plain dlopen. Blocks are small: larger ones would
// compare two states of the heap. Words: nothing.
#include <coexist_container.h>

#include "bench.h"

static void *(*take)(int);
static void (*give)(void *);
static void call(void) { give(take(64)); }

int main(int argc, char **argv) {
  struct coexist_container_options options = {.library = "libsqlite3.so.0"};
  coexist_container container;
  void *handle = NULL;
  (void)argc;
  if (!coexist_containers_available()) handle = dlopen("libsqlite3.so.0", RTLD_NOW);
  else if (coexist_container_open(&options, &container, NULL, 0) == 0)
    handle = coexist_container_handle(container);
  if (handle == NULL) bench_fail("libsqlite3.so.0 is not there");
  take = (void *(*)(int))dlsym(handle, "sqlite3_malloc");
  give = (void (*)(void *))dlsym(handle, "sqlite3_free");
  return bench_run(argv, call);
}
