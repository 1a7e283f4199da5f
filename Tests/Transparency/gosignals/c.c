// The C half: threads that call Go, and the frames of C for Go's profiler.
#include "c.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>

#include "_cgo_export.h"

static int each;
static void *work(void *unused) {
  intptr_t sum = 0;
  for (int n = 0; n < each; n++) sum += goCalled(n);
  return (void)unused, (void *)sum;
}

int callFromThreads(int threads, int calls) {
  pthread_t thread[threads];
  each = calls;
  intptr_t sum = 0;
  for (int n = 0; n < threads; n++) pthread_create(&thread[n], NULL, work, NULL);
  for (int n = 0; n < threads; n++) {
    void *result;
    pthread_join(thread[n], &result);
    sum += (intptr_t)result;
  }
  return (int)sum;
}

int isDefault(int signal) {
  struct sigaction old;
  sigaction(signal, NULL, &old);
  return old.sa_handler == SIG_DFL;
}

static volatile int sink;
void burn(int rounds) { for (int n = 0; n < rounds; n++) sink = n; }
void crash(void) { *(volatile int *)16 = 1; }

static int count;
int tracebacks(void) { return __atomic_load_n(&count, __ATOMIC_RELAXED); }
void traceback(void *argument) {  // runtime.SetCgoTraceback, version 0
  struct { uintptr_t context, signal_context, *pcs, max; } *wanted = argument;
  if (wanted->signal_context == 0 || wanted->max < 2) return;
  wanted->pcs[0] = (uintptr_t)burn, wanted->pcs[1] = 0;
  __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
}
