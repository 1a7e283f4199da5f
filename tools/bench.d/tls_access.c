// One access to a general-dynamic thread-local variable: a call of __tls_get_addr. With the word
// "mapped" the program has mapped memory before; with "native" contexts exist, and the thread's own
// state is read; with "fiber" a context's.
#include <pthread.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "bench.h"

static __thread __attribute__((tls_model("global-dynamic"))) long variable;
extern void *__tls_get_addr(void *);
static unsigned long index_of[2];

__attribute__((noinline)) static void access_once(void) {
  long *place = __tls_get_addr(index_of);
  __asm__ volatile("" : : "r"(place) : "memory");
}

static char **arguments;
static ucontext_t back, fiber;
static void on_fiber(void) {
  bench_run(arguments, access_once);
  fflush(stdout);
}

int main(int argc, char **argv) {
  arguments = argv;
  // A module of its own would be another file: libstdc++'s exception state serves as well.
  void *library = dlopen("libstdc++.so.6", RTLD_NOW);
  void **link = library;
  index_of[0] = 1;
  if (link != NULL) dlinfo(library, RTLD_DI_TLS_MODID, &index_of[0]);
  variable = 1;
  const char *word = bench_word(argc, argv, 0);
  if (word[0] == 0) return bench_run(argv, access_once);
  void *stack = mmap(NULL, 1 << 18, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (strcmp(word, "mapped") == 0) return bench_run(argv, access_once);
  getcontext(&fiber);
  fiber.uc_stack.ss_sp = stack;
  fiber.uc_stack.ss_size = 1 << 18;
  fiber.uc_link = &back;
  makecontext(&fiber, on_fiber, 0);
  if (strcmp(word, "native") == 0) return bench_run(argv, access_once);
  swapcontext(&back, &fiber);
  return 0;
}
