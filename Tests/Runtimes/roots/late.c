// late: Boehm's collector is loaded and closed while other threads make threads, which must not
// meet it half known.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAKERS = 2, ROUNDS = 400 };
static atomic_int done, made;

static void *nothing(void *unused) { return unused; }
static void *maker(void *unused) {
  while (!done) {
    pthread_t id;
    if (pthread_create(&id, NULL, nothing, NULL) != 0) abort();
    pthread_join(id, NULL);
    made++;
  }
  return unused;
}

int main(void) {
  pthread_t ids[MAKERS];
  for (int i = 0; i < MAKERS; i++) pthread_create(&ids[i], NULL, maker, NULL);
  int bad = 0;
  for (int i = 0; i < ROUNDS; i++) {
    void *library = dlopen("libgc.so.1", RTLD_NOW);
    bad += library == NULL || dlsym(library, "GC_malloc") == NULL || dlclose(library) != 0;
  }
  done = 1;
  for (int i = 0; i < MAKERS; i++) pthread_join(ids[i], NULL);
  printf("%d threads\nRESULT %s at late\n", made, bad ? "False" : "True");
  return bad != 0;
}
