// Destructors that set a value again are called again, PTHREAD_DESTRUCTOR_ITERATIONS (4) times at
// most (pthread_key_create(3)). In the first three rounds the thread still has the alternate stack
// that it asked for. (In the last one coexist cannot know who comes before it.)
// company: yes
#include <pthread.h>
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

enum { ROUNDS = 3, THREADS = 20, SIZE = 65536 };
static pthread_key_t unused, first, last;
static char *stack;
static int rounds, handled;

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  CHECK((char *)&c > stack && (char *)&c < stack + SIZE);
  REGISTER(c, RIP) += POKE_SIZE, handled++;
}

// Each round sets the other key's value: one that was called already in this round, or is to come.
static void destroy_first(void *p) {
  stack_t now;
  CHECK_EQ(sigaltstack(0, &now), 0);
  CHECK_EQ(now.ss_sp, stack);
  CHECK_EQ(now.ss_flags, 0);
  poke(NOWHERE);
  if (++rounds < ROUNDS) pthread_setspecific(last, p);
}
static void destroy_last(void *p) { pthread_setspecific(first, p); }

static void *work(void *p) {
  stack_t new = {.ss_sp = stack, .ss_size = SIZE};
  CHECK_EQ(sigaltstack(&new, 0), 0);
  pthread_setspecific(first, p);
  return p;
}

int main(void) {
  stack = map(SIZE, PROT_READ | PROT_WRITE);
  struct sigaction new = action(handler, SA_SIGINFO | SA_ONSTACK);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  pthread_key_create(&unused, destroy_last);
  pthread_key_create(&first, destroy_first);
  pthread_key_create(&last, destroy_last);
  for (int n = 1; n <= THREADS; n++) {
    pthread_t id;
    rounds = 0;
    CHECK_EQ(pthread_create(&id, 0, work, stack), 0);
    CHECK_EQ(pthread_join(id, 0), 0);
    CHECK_EQ(rounds, ROUNDS);
    CHECK_EQ(handled, n * ROUNDS);
  }
}
