// coexist_enter and coexist_leave, with so many guests whose state follows, or Lean's manifest.
// With the word "call" the functions that they stand for. Eight times, so that the loop is cheap.
#include <coexist.h>

#include "bench.h"

static coexist_context_t context;
static void inlined(void) {
  coexist_context_t mine = context;
  for (int i = 0; i < 8; i++) coexist_enter(mine), coexist_leave(mine);
}
static void called(void) {
  for (int i = 0; i < 8; i++) coexist_context_enter(context), coexist_context_leave(context);
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
  return bench_run(argv, strcmp(bench_word(argc, argv, 1), "call") == 0 ? called : inlined);
}
