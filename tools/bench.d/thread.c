// pthread_create and pthread_join.
#include <pthread.h>

#include "bench.h"

static void *nothing(void *argument) { return argument; }
static void create_join(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, nothing, NULL) != 0) bench_fail("pthread_create");
  pthread_join(thread, NULL);
}

int main(int argc, char **argv) {
  (void)argc;
  return bench_run(argv, create_join);
}
