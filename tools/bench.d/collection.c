// A collection of Boehm's with threads: "own" ones are registered by the collector's own
// pthread_create, "foreign" ones by nobody.
#define GC_THREADS
#define GC_NO_THREAD_REDIRECTS
#include <gc.h>
#include <pthread.h>

#include "bench.h"

static void *stands(void *unused) {
  for (;;) pause();
  return unused;
}
static void collect(void) { GC_gcollect(); }

int main(int argc, char **argv) {
  int is_own = strcmp(bench_word(argc, argv, 0), "own") == 0;
  GC_INIT();
  for (int i = 0; i < atoi(bench_word(argc, argv, 1)); i++) {
    pthread_t id;
    int error = is_own ? GC_pthread_create(&id, NULL, stands, NULL)
                       : pthread_create(&id, NULL, stands, NULL);
    if (error != 0) bench_fail("pthread_create");
  }
  return bench_run(argv, collect);
}
