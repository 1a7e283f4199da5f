// coexist_context_enter and _leave, with as many guests as the module that this library is.
#include <coexist.h>

#include "bench.h"

static coexist_context_t context;
static void enter_leave(void) {
  coexist_context_enter(context);
  coexist_context_leave(context);
}

int main(int argc, char **argv) {
  (void)argc;
  for (int i = 3; i < argc; i++)
    if (dlopen(argv[i], RTLD_NOW) == NULL) bench_fail(dlerror());
  if (!coexist_present()) bench_fail("not preloaded");
  context = coexist_create();
  return bench_run(argv, enter_leave);
}
