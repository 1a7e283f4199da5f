// Guests that cannot be called with another thread's FS register: -DPRIORITY its mutexes tell the
// kernel whose they are; -DSEQUENCES the kernel writes into its thread's variables.
#include <pthread.h>

static __thread long state = -1;
void guest_set(long value) { state = value; }
int guest_check(long value) { return state == value; }

#ifdef PRIORITY
int guest_mutex(pthread_mutexattr_t *attributes) {
  return pthread_mutexattr_setprotocol(attributes, PTHREAD_PRIO_INHERIT);
}
#endif
#ifdef SEQUENCES
__attribute__((section("__rseq_cs"), used)) static long sequence[4];
#endif
