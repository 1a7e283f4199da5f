// Threads that hold still while their stacks are shown to a collector, which reads each word.
// THREADS KIB: how many there are, and how much of each one's stack is in use.
#include <coexist.h>
#include <pthread.h>

#include "bench.h"

static pthread_barrier_t ready;
static size_t depth;  // bytes
static volatile uint64_t sum;

static void *stands(void *unused) {
  char used[depth];
  memset(used, 1, depth);
  __asm__ volatile("" : : "r"(used) : "memory");
  pthread_barrier_wait(&ready);
  for (;;) pause();
  return unused;
}
static void read_range(const void *low, const void *high, void *unused) {
  (void)unused;
  uint64_t all = 0;
  for (const uint64_t *word = low; word + 1 <= (const uint64_t *)high; word++) all += *word;
  sum += all;
}
static void enumerate(void) {
  if (coexist_roots_each(COEXIST_ROOTS_STACKS, read_range, NULL) != 0) bench_fail("roots");
}

int main(int argc, char **argv) {
  int threads = atoi(bench_word(argc, argv, 0));
  depth = (size_t)atol(bench_word(argc, argv, 1)) << 10;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, depth + (256 << 10));
  pthread_barrier_init(&ready, NULL, (unsigned)threads + 1);
  for (int i = 0; i < threads; i++) {
    pthread_t id;
    if (pthread_create(&id, &attributes, stands, NULL) != 0) bench_fail("pthread_create");
  }
  pthread_barrier_wait(&ready);
  return bench_run(argv, enumerate);
}
