// mono PLACE: objects of Mono held only by a thread that Mono does not know, and allocation there.
#define _GNU_SOURCE
#include <dlfcn.h>
#include "scale.h"

enum { LENGTH = 200 };

static void *domain, *byte_class;
static void *(*array_new)(void *, void *, uintptr_t);
static char *(*array_addr)(void *, int, uintptr_t);
static uintptr_t (*array_length)(void *);
static void (*gc_collect)(int);
static int64_t (*used_size)(void);

static Object make(int number) {
  void *array = array_new(domain, byte_class, LENGTH);
  memset(array_addr(array, 1, 0), number, LENGTH);
  return (Object)array;
}
static int is_whole(Object object, int number) {
  void *array = (void *)object;
  if (array_length(array) != LENGTH) return 0;
  for (int i = 0; i < LENGTH; i++)
    if (array_addr(array, 1, 0)[i] != (char)number) return 0;
  return 1;
}
static void collect_once(void) { gc_collect(1); }
static size_t live(void) { return (size_t)used_size(); }

static int result;
static atomic_int working;
static void *allocate(void *unused) {
  volatile Object places[COUNT];
  for (int i = 0; i < COUNT; i++) places[i] = make(i);
  for (int i = 0; i < 20000; i++) make(i);
  for (int i = 0; i < COUNT; i++) result += !is_whole(places[i], i);
  working = 0;
  return unused;
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
  *(void **)&used_size = symbol(mono, "mono_gc_get_used_size");
  *(void **)&gc_collect = symbol(mono, "mono_gc_collect");
  int bad = is_scale(words[1])                   ? with_allocating_threads()
            : strcmp(words[1], "allocates") == 0 ? allocates()
                                                 : on_threads(words[1]);
  _Exit(end(words[1], bad));
}
