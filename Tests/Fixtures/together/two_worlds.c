// Two collectors stop the same four threads at the same time, each by its own thread, again and
// again: neither waits for the other for ever, and each handler gets its own runtime's signals.
// library: alpha = guests/world.c
// library: beta = guests/world.c
#include "guests/world.h"
#include "support/check.h"

enum { THREADS = 4, STOPS = 300 };
static pthread_t threads[THREADS];
static pthread_barrier_t ready;
static int volatile ended;

// Thread 0 collects for alpha, thread 1 for beta, the others work.
static void *body(void *argument) {
  int me = (int)(long)argument;
  pthread_barrier_wait(&ready);
  if (me < 2) {
    pthread_t others[THREADS - 1];
    int count = 0;
    for (int i = 0; i < THREADS; i++)
      if (i != me) others[count++] = threads[i];
    for (int i = 0; i < STOPS; i++) (me == 0 ? alpha() : beta())->stop(others, count);
    __atomic_fetch_add(&ended, 1, __ATOMIC_SEQ_CST);
  }
  while (ended < 2) usleep(100);
  return argument;
}

int main(void) {
  alpha()->begin(), beta()->begin();
  pthread_barrier_init(&ready, 0, THREADS + 1);
  for (long i = 0; i < THREADS; i++) CHECK_EQ(pthread_create(&threads[i], 0, body, (void *)i), 0);
  pthread_barrier_wait(&ready);
  for (int i = 0; i < THREADS; i++) CHECK_EQ(pthread_join(threads[i], 0), 0);
  CHECK_EQ(alpha()->stopped, STOPS * (THREADS - 1));
  CHECK_EQ(beta()->stopped, STOPS * (THREADS - 1));
}
