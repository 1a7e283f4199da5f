// A stack overflow with two handlers, whatever they asked for: there is always a stack to run on.
// run: 0
// run: onstack
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <pthread.h>
#include <threads.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static void *work(void *p) {
  struct guest *a = alpha(), *b = beta();
  for (int n = 0; n < 20; n++) {
    char start = 0;
    int before = a->asked + b->asked;
    struct guest *last = n % 2 ? a : b;
    last->install(SIGSEGV, last->query(SIGSEGV).sa_flags);
    a->answer = b->answer = JUMP;
    if (!sigsetjmp(a->back, 1) && !sigsetjmp(b->back, 1)) {
      memcpy(a->back, b->back, sizeof a->back);
      overflow_stack(&start);
    }
    CHECK_EQ(a->asked + b->asked, before + 1);
    a->answer = b->answer = CLAIM;
    poke(NOWHERE);
    CHECK_EQ(a->asked + b->asked, before + 2);
  }
  return p;
}

static int work_c11(void *p) { return work(p) != p; }

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  int onstack = *arguments[1] == 'o' ? SA_ONSTACK : 0;
  alpha()->install(SIGSEGV, SA_SIGINFO | onstack);
  beta()->install(SIGSEGV, SA_SIGINFO | onstack);
  work(0);
  for (int n = 0; n < 3; n++) {
    pthread_t id;
    pthread_create(&id, 0, work, 0);
    pthread_join(id, 0);
    thrd_t other;
    int result;
    CHECK_EQ(thrd_create(&other, work_c11, &id), thrd_success);
    CHECK_EQ(thrd_join(other, &result), thrd_success);
    CHECK_EQ(result, 0);
  }
}
