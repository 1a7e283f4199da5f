// A namespace opened and closed, with the library in it: a container where coexist is, else the
// plain dlmopen that it replaces. Words: LIBRARY.
#include <coexist_container.h>

#include "bench.h"

static const char *library;

static void contained(void) {
  struct coexist_container_options options = {.library = library};
  coexist_container container;
  char error[400] = "";
  if (coexist_container_open(&options, &container, error, sizeof error) != 0 ||
      coexist_container_close(container, error, sizeof error) != 0)
    bench_fail(error);
}

static void plain(void) {
  void *handle = dlmopen(LM_ID_NEWLM, library, RTLD_NOW);
  if (handle == NULL) bench_fail(dlerror());
  dlclose(handle);
}

int main(int argc, char **argv) {
  library = bench_word(argc, argv, 0);
  return bench_run(argv, coexist_containers_available() ? contained : plain);
}
