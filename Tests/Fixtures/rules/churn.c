// Four threads fault in two runtimes while others install, remove, open and close: every fault is
// handled by its owner, none is lost. Atomic counters would hide nothing: poke returns or dies.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// library: delta = guests/guest.c
// plugin: value = guests/value.c
// times: 10
#include <dlfcn.h>
#include <pthread.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static volatile int stop;

static void *faults(void *guest) {
  for (int n = 0; n < 10000; n++) ((struct guest *)guest)->poke(NOWHERE);
  return 0;
}
static void *installs(void *p) {
  struct guest *d = delta();
  while (!stop) d->install(SIGSEGV, SA_SIGINFO), sched_yield(), d->restore(SIGSEGV);
  return p;
}
static void *opens(void *p) {
  while (!stop) dlclose(dlopen("libvalue.so", RTLD_NOW));
  return p;
}

int main(void) {
  CHECK(freopen("/dev/null", "w", stdout) != 0);
  alpha()->install(SIGSEGV, SA_SIGINFO);
  beta()->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  pthread_t ids[6];
  for (int n = 0; n < 4; n++) pthread_create(&ids[n], 0, faults, n % 2 ? alpha() : beta());
  pthread_create(&ids[4], 0, installs, 0);
  pthread_create(&ids[5], 0, opens, 0);
  for (int n = 0; n < 4; n++) pthread_join(ids[n], 0);
  stop = 1;
  pthread_join(ids[4], 0), pthread_join(ids[5], 0);
}
