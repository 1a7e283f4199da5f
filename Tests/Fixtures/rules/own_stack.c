// On a stack that coexist_call made, pthread_getattr_np tells its bounds, also in a handler;
// outside it tells the thread's own.
// flags: -I../../Sources/CCoexist/include
#include <coexist.h>
#include <pthread.h>
#include "support/check.h"

static char *low, *high;
static void bounds(void) {
  pthread_attr_t attributes;
  size_t size;
  CHECK_EQ(pthread_getattr_np(pthread_self(), &attributes), 0);
  CHECK_EQ(pthread_attr_getstack(&attributes, (void **)&low, &size), 0);
  high = low + size;
  pthread_attr_destroy(&attributes);
}

static void in_handler(int signal) {
  (void)signal;
  bounds();
}

enum { SIZE = 1 << 24 };
static void *inside(void *argument) {
  char here;
  bounds();
  CHECK(&here > low && &here < high);
  CHECK_EQ(high - low, SIZE);
  char *mine = low;
  raise(SIGUSR1);
  CHECK_EQ(low, mine);
  low[0] = 1;  // the lowest byte is there
  return argument;
}

static void *thread(void *argument) {
  char here;
  void *result = NULL;
  bounds();
  char *own = low;
  CHECK(&here > low && &here < high);
  coexist_context_t context = coexist_context_create();
  for (int i = 0; i < 3; i++) {
    CHECK_EQ(coexist_call(context, SIZE, inside, argument, &result), 0);
    CHECK_EQ(result, argument);
    bounds();
    CHECK_EQ(low, own);
  }
  CHECK_EQ(coexist_context_destroy(context), 0);
  return argument;
}

int main(void) {
  pthread_t id;
  int number, *word = &number;
  signal(SIGUSR1, in_handler);
  thread(word);
  CHECK_EQ(pthread_create(&id, NULL, thread, word), 0);
  CHECK_EQ(pthread_join(id, NULL), 0);
}
