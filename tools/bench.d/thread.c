// pthread_create and pthread_join. LIVE: how many other threads there are meanwhile. `LIVE grow`:
// those themselves, each the first in a stack and a record of its own.
#include <pthread.h>

#include "bench.h"

static pthread_barrier_t ready;

static void *nothing(void *argument) { return argument; }
static void create_join(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, nothing, NULL) != 0) bench_fail("pthread_create");
  pthread_join(thread, NULL);
}

static void *stands(void *unused) {
  pthread_barrier_wait(&ready);
  for (;;) pause();
  return unused;
}
static void live(int threads) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 << 10);
  pthread_barrier_init(&ready, NULL, (unsigned)threads + 1);
  for (int i = 0; i < threads; i++) {
    pthread_t id;
    if (pthread_create(&id, &attributes, stands, NULL) != 0) bench_fail("pthread_create");
  }
  pthread_barrier_wait(&ready);
}

int main(int argc, char **argv) {
  int threads = atoi(bench_word(argc, argv, 0));
  double start = bench_now();
  if (threads > 0) live(threads);
  if (strcmp(bench_word(argc, argv, 1), "grow") != 0) return bench_run(argv, create_join);
  printf("%.2f\n", (bench_now() - start) / threads);
  return 0;
}
