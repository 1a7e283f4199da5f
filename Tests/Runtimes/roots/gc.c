// gc PLACE: objects of Boehm's collector itself, as the programs over an embedded one have them.
#define _GNU_SOURCE
#define GC_NO_THREAD_REDIRECTS
#define GC_THREADS
#include <gc.h>
#include "scale.h"

enum { SIZE = 64 };

static Object make(int number) {
  unsigned char *object = GC_MALLOC(SIZE);
  memset(object, number + 1, SIZE);
  return (Object)object;
}
static int is_whole(Object object, int number) {
  for (int i = 0; i < SIZE; i++)
    if (((unsigned char *)object)[i] != (unsigned char)(number + 1)) return 0;
  return 1;
}
static void collect_once(void) { GC_gcollect(); }
static size_t live(void) { return GC_get_heap_size() - GC_get_free_bytes(); }

int main(int count, char **words) {
  if (count != 2) return 2;
  GC_INIT();
  return end(words[1],
             is_scale(words[1]) ? with_allocating_threads() : on_threads(words[1]));
}
