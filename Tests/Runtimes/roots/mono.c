// mono PLACE: objects of Mono held only by a thread that Mono does not know, and allocation there.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 64, LENGTH = 200, ROUNDS = 4 };

static void *domain, *byte_class;
static void *(*array_new)(void *, void *, uintptr_t);
static char *(*array_addr)(void *, int, uintptr_t);
static uintptr_t (*array_length)(void *);
static void (*gc_collect)(int);

static void *make(int number) {
  void *array = array_new(domain, byte_class, LENGTH);
  memset(array_addr(array, 1, 0), number, LENGTH);
  return array;
}
static int is_whole(void *array, int number) {
  if (array_length(array) != LENGTH) return 0;
  for (int i = 0; i < LENGTH; i++)
    if (array_addr(array, 1, 0)[i] != (char)number) return 0;
  return 1;
}
__attribute__((noinline)) static void wipe(void) {
  volatile char dirt[32 * 1024];
  for (size_t i = 0; i < sizeof dirt; i++) dirt[i] = 0;
}
static void collect(void) {
  for (int i = 0; i < ROUNDS; i++) {
    wipe();
    gc_collect(1);
    for (int n = 0; n < 5000; n++) make(n);
  }
}

static sem_t filled, collected;
static uintptr_t *hidden;
static int result;
__attribute__((noinline)) static void hide(void) {
  for (int i = 0; i < COUNT; i++) hidden[i] = ~(uintptr_t)make(i);
}
static void *on_stack(void *unused) {
  (void)unused;
  volatile uintptr_t places[COUNT];
  sem_post(&filled);  // what is attached is attached
  while (sem_wait(&collected) != 0) {}
  for (int i = 0; i < COUNT; i++) places[i] = ~hidden[i];
  memset(hidden, 0, COUNT * sizeof *hidden);
  sem_post(&filled);
  while (sem_wait(&collected) != 0) {}
  for (int i = 0; i < COUNT; i++) result += !is_whole((void *)places[i], i);
  return NULL;
}
static int stack(void) {
  hidden = malloc(COUNT * sizeof *hidden);
  pthread_t id;
  pthread_create(&id, NULL, on_stack, NULL);
  while (sem_wait(&filled) != 0) {}
  hide();
  sem_post(&collected);
  while (sem_wait(&filled) != 0) {}
  collect();
  sem_post(&collected);
  pthread_join(id, NULL);
  return result;
}

static atomic_int working;
static void *allocate(void *unused) {
  (void)unused;
  void *volatile places[COUNT];
  for (int i = 0; i < COUNT; i++) places[i] = make(i);
  for (int i = 0; i < 20000; i++) make(i);
  for (int i = 0; i < COUNT; i++) result += !is_whole(places[i], i);
  working = 0;
  return NULL;
}
static int allocates(void) {
  pthread_t id;
  working = 1;
  pthread_create(&id, NULL, allocate, NULL);
  while (working) collect();
  pthread_join(id, NULL);
  return result;
}

static void *symbol(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (found == NULL) printf("%s\n", dlerror()), exit(9);
  return found;
}
int main(int count, char **words) {
  if (count != 2) return 2;
  void *mono = dlopen("libmonosgen-2.0.so.1", RTLD_NOW | RTLD_GLOBAL);
  if (mono == NULL) printf("%s\n", dlerror()), exit(9);
  domain = ((void *(*)(const char *))symbol(mono, "mono_jit_init"))("roots");
  byte_class = ((void *(*)(void))symbol(mono, "mono_get_byte_class"))();
  *(void **)&array_new = symbol(mono, "mono_array_new");
  *(void **)&array_addr = symbol(mono, "mono_array_addr_with_size");
  *(void **)&array_length = symbol(mono, "mono_array_length");
  *(void **)&gc_collect = symbol(mono, "mono_gc_collect");
  sem_init(&filled, 0, 0), sem_init(&collected, 0, 0);
  int bad = strcmp(words[1], "stack") == 0       ? stack()
            : strcmp(words[1], "allocates") == 0 ? allocates()
                                                 : 9;
  printf("RESULT %s at %s\n", bad ? "False" : "True", words[1]);
  fflush(stdout);
  _Exit(bad != 0);
}
