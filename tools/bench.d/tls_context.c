// coexist_context_enter and _leave, with so many guests whose state follows; "lean" for Lean's
// manifest.
#include <coexist.h>

#include "bench.h"

static coexist_context_t context;
static void enter_leave(void) {
  coexist_context_enter(context);
  coexist_context_leave(context);
}

int main(int argc, char **argv) {
  const char *word = bench_word(argc, argv, 0);
  int guests = atoi(word);
  for (int i = 1; i <= guests; i++) {
    char name[600];
    snprintf(name, sizeof name, "%s/libtls%d.so", getenv("BENCH_FOLDER"), i);
    if (dlopen(name, RTLD_NOW) == NULL) bench_fail(dlerror());
  }
  if (guests == 0 && dlopen(word, RTLD_NOW) == NULL) bench_fail(dlerror());
  if (!coexist_present()) bench_fail("not preloaded");
  context = coexist_create();
  return bench_run(argv, enter_leave);
}
