// Eight pins of different objects, held at once, then taken away. THREADS: how many others there
// are meanwhile, each with a pin of its own.
#include <coexist.h>
#include <pthread.h>

#include "bench.h"

static pthread_barrier_t ready;

static void eight(void) {
  enum { COUNT = 8, SIZE = 64 };
  static char objects[COUNT][SIZE];
  coexist_pin_t pins[COUNT];
  for (int i = 0; i < COUNT; i++) pins[i] = coexist_pin(objects[i]);
  for (int i = COUNT; i-- > 0;)
    if (coexist_unpin(pins[i]) != 0) bench_fail("a pin was not held");
}

static void *holds(void *object) {
  coexist_pin(object);
  pthread_barrier_wait(&ready);
  for (;;) pause();
  return NULL;
}

int main(int argc, char **argv) {
  int threads = atoi(bench_word(argc, argv, 0));
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 << 10);
  pthread_barrier_init(&ready, NULL, (unsigned)threads + 1);
  for (int i = 0; i < threads; i++) {
    pthread_t id;
    if (pthread_create(&id, &attributes, holds, &ready) != 0) bench_fail("pthread_create");
  }
  pthread_barrier_wait(&ready);
  return bench_run(argv, eight);
}
