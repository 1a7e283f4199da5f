// Threads that end in a handler: pthread_exit, pthread_cancel (deferred and asynchronous) unwind
// through the signal frame and run cleanup handlers and key destructors (pthreads(7)).
// run: exit
// run: cancel
// run: asynchronous
// company: yes
#include <pthread.h>
#include "support/check.h"
#include "support/fault.h"

static char how;
static int cleaned, destroyed;
static pthread_key_t key;

static void clean(void *p) { (void)p, cleaned++; }
static void destroy(void *p) { (void)p, destroyed++; }

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i, (void)c;
  if (how == 'e') pthread_exit((void *)5);
  int old;
  if (how == 'a') pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
  pthread_cancel(pthread_self());
  pthread_testcancel();
}

static void *work(void *p) {
  pthread_setspecific(key, &key);
  pthread_cleanup_push(clean, 0);
  poke(NOWHERE);
  pthread_cleanup_pop(0);
  return p;
}

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  how = *arguments[1];
  struct sigaction new = action(handler, SA_SIGINFO);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  pthread_key_create(&key, destroy);
  for (int n = 1; n <= 50; n++) {
    pthread_t id;
    void *result;
    pthread_create(&id, 0, work, 0);
    pthread_join(id, &result);
    CHECK_EQ(result, how == 'e' ? (void *)5 : PTHREAD_CANCELED);
    CHECK_EQ(cleaned, n);
    CHECK_EQ(destroyed, n);
  }
}
