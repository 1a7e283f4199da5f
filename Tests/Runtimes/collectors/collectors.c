// collectors LIBRARY…: copies of Boehm's collector, each stopping its own world, all at once on
// threads of their own. It knows dlopen and dlsym only.
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_barrier_t started;
static int failures;

static void *run(void *library) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) printf("%s\n", dlerror()), exit(1);
  void (*start)(void) = (void (*)(void))dlsym(handle, "bo_start");
  int (*collect)(void) = (int (*)(void))dlsym(handle, "bo_gc");
  start();
  pthread_barrier_wait(&started);
  int wrong = 0;
  for (int round = 0; round < 3; round++) wrong |= collect();
  printf("RESULT %s at %s\n", wrong ? "False" : "True", strrchr(library, '/') + 1);
  if (wrong) __atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
  return NULL;
}

int main(int count, char **words) {
  pthread_t ids[8];
  pthread_barrier_init(&started, NULL, (unsigned)count - 1);
  for (int i = 1; i < count; i++) pthread_create(&ids[i - 1], NULL, run, words[i]);
  for (int i = 1; i < count; i++) pthread_join(ids[i - 1], NULL);
  return failures != 0;
}
