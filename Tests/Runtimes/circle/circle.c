// The C side of circle.mojo: tasks of Lean 4 (../lean/work.c) that call back into Mojo. INNER is
// the library of inner.mojo, WAY the function of it that they call.
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lean/work.h"

static long (*inner)(long);

static long call_mojo(long n) { return inner(n); }

void circle_start(void) {
  if (!work_start()) exit(2);
  void *library = dlopen(getenv("INNER"), RTLD_NOW);
  if (library == NULL) fprintf(stderr, "%s\n", dlerror()), exit(2);
  inner = (long (*)(long))dlsym(library, getenv("WAY"));
  if (inner == NULL) fprintf(stderr, "%s\n", dlerror()), exit(64);
}

long circle_through_lean(long n) { return work_task_calls(call_mojo, n); }

void circle_end(long sum) {
  printf("RESULT %s at %s\n", sum == 1 + 4 + 9 + 16 ? "True" : "False", getenv("WAY"));
  fflush(stdout);
  exit(sum == 1 + 4 + 9 + 16 ? 0 : 3);
}
