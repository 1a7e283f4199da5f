// The second party arrives while threads of all kinds exist already, some with alternate stacks;
// faults on each of them work before and after.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <pthread.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static pthread_barrier_t arrived;

static void *work(void *with_stack) {
  stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
  if (with_stack) CHECK_EQ(alpha()->altstack(&stack, 0), 0);
  for (int n = 0; n < 100; n++) alpha()->poke(NOWHERE);
  pthread_barrier_wait(&arrived);
  pthread_barrier_wait(&arrived);
  for (int n = 0; n < 500; n++) alpha()->poke(NOWHERE), beta()->poke(NOWHERE);
  pthread_barrier_wait(&arrived);
  stack_t now;
  CHECK_EQ(alpha()->altstack(0, &now), 0);
  CHECK_EQ(now.ss_sp == stack.ss_sp, with_stack != 0);
  return 0;
}

int main(void) {
  alpha()->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  pthread_barrier_init(&arrived, 0, 7);
  pthread_t ids[6];
  for (long n = 0; n < 6; n++) pthread_create(&ids[n], 0, work, (void *)(n % 2));
  pthread_barrier_wait(&arrived);
  beta()->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  pthread_barrier_wait(&arrived);
  pthread_barrier_wait(&arrived);
  for (int n = 0; n < 6; n++) pthread_join(ids[n], 0);
  CHECK(alpha()->asked > 0 && beta()->asked > 0);
}
