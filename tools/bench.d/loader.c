// dlopen+dlclose of a library that is there or is not, and dlsym of a usual or an interposed name.
#include "parties.h"

static char path[4096];

static void open_close(void) { dlclose(dlopen(path, RTLD_NOW | RTLD_LOCAL)); }
static void find(void) { dlsym(RTLD_DEFAULT, "strtol"); }
static void find_ours(void) { dlsym(RTLD_DEFAULT, "sigaction"); }

int main(int argc, char **argv) {
  const char *what = bench_word(argc, argv, 0);
  snprintf(path, sizeof path, "%s/libparty1.so", getenv("BENCH_FOLDER"));
  if (strcmp(what, "symbol") == 0) return bench_run(argv, find);
  if (strcmp(what, "symbol-ours") == 0) return bench_run(argv, find_ours);
  if (strcmp(what, "again") == 0) dlopen(path, RTLD_NOW | RTLD_LOCAL);
  return bench_run(argv, open_close);
}
