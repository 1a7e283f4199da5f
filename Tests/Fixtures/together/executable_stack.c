// While a library that wants executable stacks is loaded, libc opens the stacks of all threads from
// end to end (glibc nptl/allocatestack.c __nptl_change_stack_perm): pages that a runtime had closed
// there to see its overflows are open, too. They must be closed again; what it had opened meanwhile
// stays open.
// plugin: first = guests/executable.c -Wl,-z,execstack
// plugin: other = guests/executable.c -Wl,-z,execstack
// varies: bare
// library: alpha = guests/guest.c
#include <dlfcn.h>
#include <pthread.h>
#include <sys/mman.h>
#include "guests/guest.h"
#include "support/check.h"

enum { PAGE = 4096, THREADS = 3 };
static pthread_barrier_t ready, loaded;
static __thread sigjmp_buf back;

static void handler(int number) { siglongjmp(back, number); }

static int faults(volatile char *address) {
  if (sigsetjmp(back, 1)) return 1;
  *address = 1;
  return 0;
}

static void *body(void *argument) {
  (void)argument;
  struct guest *guest = alpha();
  pthread_attr_t attributes;
  void *low;
  size_t size;
  CHECK_EQ(pthread_getattr_np(pthread_self(), &attributes), 0);
  CHECK_EQ(pthread_attr_getstack(&attributes, &low, &size), 0);
  pthread_attr_destroy(&attributes);
  char *first = low, *second = first + 2 * PAGE;
  CHECK_EQ(guest->protect(first, 4 * PAGE, PROT_NONE), 0);
  CHECK(faults(first + 8) && faults(second + 8));
  CHECK_EQ(guest->protect(second, 2 * PAGE, PROT_READ | PROT_WRITE), 0);
  pthread_barrier_wait(&ready);
  pthread_barrier_wait(&loaded);
  CHECK(faults(first + 8));
  CHECK(!faults(second + 8));
  CHECK_EQ(guest->protect(second, 2 * PAGE, PROT_NONE), 0);
  CHECK(faults(second + 8));
  CHECK_EQ(guest->protect(first, 4 * PAGE, PROT_READ | PROT_WRITE), 0);
  pthread_barrier_wait(&ready);
  pthread_barrier_wait(&loaded);
  CHECK(!faults(first + 8) && !faults(second + 8));
  return 0;
}

int main(void) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_NODEFER};
  CHECK_EQ(sigaction(SIGSEGV, &action, 0), 0);
  pthread_barrier_init(&ready, 0, THREADS + 1);
  pthread_barrier_init(&loaded, 0, THREADS + 1);
  pthread_t threads[THREADS];
  for (int n = 0; n < THREADS; n++) CHECK_EQ(pthread_create(&threads[n], 0, body, 0), 0);
  pthread_barrier_wait(&ready);
  CHECK(dlopen("libfirst.so", RTLD_NOW) != 0);
  pthread_barrier_wait(&loaded);
  pthread_barrier_wait(&ready);
  CHECK(dlopen("libother.so", RTLD_NOW) != 0);
  pthread_barrier_wait(&loaded);
  for (int n = 0; n < THREADS; n++) CHECK_EQ(pthread_join(threads[n], 0), 0);
}
