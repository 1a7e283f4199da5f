// A thread that nobody saw begin (C11's thrd_create calls libc's own pthread_create) has no
// alternate stack: the frame of a signal lies on the interrupted stack already, and stays there.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <threads.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static struct guest *a, *b;

static int body(void *argument) {
  (void)argument;
  char here;
  for (int n = 0; n < 20; n++) {
    raise(SIGUSR1);
    CHECK(b->stack < &here && b->stack > &here - 65536);
    a->poke(NOWHERE), b->poke(NOWHERE);
  }
  return 7;
}

int main(void) {
  a = alpha(), b = beta();
  int signals[] = {SIGUSR1, SIGSEGV};
  for (int n = 0; n < 2; n++) {
    a->install(signals[n], SA_SIGINFO);
    b->install(signals[n], SA_SIGINFO);
  }
  for (int n = 0; n < 50; n++) {
    thrd_t thread;
    int result;
    CHECK_EQ(thrd_create(&thread, body, 0), thrd_success);
    CHECK_EQ(thrd_join(thread, &result), thrd_success);
    CHECK_EQ(result, 7);
  }
}
