// Exports value(): VALUE, plus that of the next library in the link order that has one.
#include <dlfcn.h>
#include <stdio.h>

#ifndef VALUE
#define VALUE 1
#endif

int value(void) {
  int (*next)(void) = (int (*)(void))dlsym(RTLD_NEXT, "value");
  return VALUE + (next ? next() : 0);
}

__attribute__((constructor)) static void start(void) { printf("start %d\n", VALUE); }
__attribute__((destructor)) static void stop(void) { printf("stop %d\n", VALUE), fflush(stdout); }
