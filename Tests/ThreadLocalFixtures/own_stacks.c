// A guest that maps stacks for itself, each with a guard page, as a runtime with fibers does; or,
// built with HOST, the program that asks it to, and waits to be looked at.
#ifdef HOST
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

int main(int count, char **words) {
  void *guest = count == 2 ? dlopen(words[1], RTLD_NOW) : NULL;
  if (guest == NULL || ((long (*)(void))dlsym(guest, "guest_stacks"))() != 1) return 2;
  puts("ready");
  fflush(stdout);
  for (;;) pause();
}
#else
#include <sys/mman.h>

static __thread long state = 0;

long guest_stacks(void) {
  enum { STACKS = 4, SIZE = 65536 };
  char *all = mmap(0, STACKS * SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) return 0;
  for (int i = 0; i < STACKS; i++)
    if (mprotect(all + i * SIZE, 4096, PROT_NONE) != 0) return 0;
  return ++state;
}
#endif
