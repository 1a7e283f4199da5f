// A collector stops threads that keep every signal out by a raw system call: one sleeps, one runs.
// Bare, it waits for them for ever.
// library: alpha = guests/world.c
#include "guests/world.h"
#include "support/check.h"
#include "support/closed.h"

enum { THREADS = 2, STOPS = 20 };
static pthread_t threads[THREADS];
static pthread_barrier_t ready;
static int volatile ended;

static void *body(void *sleeps) {
  CHECK_EQ(set_mask_raw(~0ull), 0);
  pthread_barrier_wait(&ready);
  while (!ended)
    if (sleeps) usleep(1000);
  return 0;
}

int main(void) {
  alpha()->begin();
  pthread_barrier_init(&ready, 0, THREADS + 1);
  for (long i = 0; i < THREADS; i++) CHECK_EQ(pthread_create(&threads[i], 0, body, (void *)i), 0);
  pthread_barrier_wait(&ready);
  alarm(3);  // the bare run's end
  for (int i = 0; i < STOPS; i++) alpha()->stop(threads, THREADS);
  CHECK_EQ(alpha()->stopped, STOPS * THREADS);
  ended = 1;
  for (int i = 0; i < THREADS; i++) CHECK_EQ(pthread_join(threads[i], 0), 0);
}
