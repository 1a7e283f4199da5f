// coexist_call of nothing, with a thread register of the context's own; "plain" without.
#include <coexist.h>

#include "bench.h"

static coexist_context_t context;
static void *nothing(void *argument) { return argument; }
static void call(void) { coexist_call(context, 65536, nothing, NULL, NULL); }

int main(int argc, char **argv) {
  char name[600];
  snprintf(name, sizeof name, "%s/libtls1.so", getenv("BENCH_FOLDER"));
  if (!coexist_present()) bench_fail("not preloaded");
  if (strcmp(bench_word(argc, argv, 0), "plain") != 0)
    coexist_policy("libtls1.so", COEXIST_MODULE_REGISTER);
  if (dlopen(name, RTLD_NOW) == NULL) bench_fail(dlerror());
  context = coexist_create();
  return bench_run(argv, call);
}
