// The C side of circle.mojo: tasks of Lean 4 (../lean/work.c) that call back into Mojo. INNER is
// the library of inner.mojo, WAY the function of it that they call.
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lean/work.h"

static long (*inner)(long);
static long threads;
static atomic_long begun, sum;

void circle_start(long count) {
  threads = count;
  if (!work_start()) exit(2);
  void *library = dlopen(getenv("INNER"), RTLD_NOW);
  if (library == NULL) fprintf(stderr, "%s\n", dlerror()), exit(2);
  inner = (long (*)(long))dlsym(library, getenv("WAY"));
  if (inner == NULL) fprintf(stderr, "%s\n", dlerror()), exit(64);
}

static long call_mojo(long n) { return inner(n); }

// Not before all threads of the pool are taken.
void circle_through_lean(long n) {
  begun++;
  while (begun < threads) usleep(1000);
  sum += work_task_calls(call_mojo, n);
}

void circle_end(long count) {
  long right = 0;
  for (long n = 0; n < count; n++) right += n * n;
  printf("RESULT %s at %s\n", sum == right ? "True" : "False", getenv("WAY"));
  fflush(stdout);
  _exit(sum == right ? 0 : 3);
}
