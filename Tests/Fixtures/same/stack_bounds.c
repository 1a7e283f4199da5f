// pthread_getattr_np of threads on the stacks that they began on: as libc tells it.
#include <pthread.h>
#include "support/check.h"

static void tell(pthread_t id, const char *name, const char *inside) {
  pthread_attr_t attributes;
  void *low;
  size_t size, guard;
  int detached;
  CHECK_EQ(pthread_getattr_np(id, &attributes), 0);
  pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_getguardsize(&attributes, &guard);
  pthread_attr_getdetachstate(&attributes, &detached);
  int holds = inside >= (char *)low && inside < (char *)low + size;
  // Of the main thread libc leaves a page more or less away, as the environment is long.
  size = (size + 65535) / 65536;
  printf("%s: %zu times 64 KiB, guard %zu, detached %d, holds %d\n", name, size, guard, detached,
         holds);
  pthread_attr_destroy(&attributes);
}

static char *parents;
static pthread_t parent;
static void *work(void *name) {
  char here;
  tell(pthread_self(), name, &here);
  tell(parent, "its parent", parents);
  return 0;
}

int main(void) {
  char here;
  parents = &here;
  parent = pthread_self();
  pthread_t id;
  pthread_create(&id, 0, work, "default");
  pthread_join(id, 0);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 192 * 1024);
  pthread_create(&id, &attributes, work, "of a size");
  pthread_join(id, 0);
  void *memory = aligned_alloc(4096, 128 * 1024);
  pthread_attr_setstack(&attributes, memory, 128 * 1024);
  pthread_create(&id, &attributes, work, "given");
  pthread_join(id, 0);
}
