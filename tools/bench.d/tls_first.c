// The first touch of 16 modules' thread-local variables, each round on a new thread: libc makes the
// blocks of the thread. With the word "fiber" on a new fiber, whose blocks coexist makes.
#include <pthread.h>
#include <sys/mman.h>

#include "bench.h"

enum { MODULES = 16, STACK = 1 << 16 };
static long *(*state_of[MODULES])(void);
static int on_fiber;
static double *result;
static ucontext_t back;

static void touch(void) {
  double start = bench_now();
  for (int i = 0; i < MODULES; i++) ++*state_of[i]();
  *result = (bench_now() - start) / MODULES;
}
static void *thread(void *unused) {
  ++*state_of[0]();  // what the thread itself costs at its first one
  if (!on_fiber) return touch(), unused;
  ucontext_t fiber;
  getcontext(&fiber);
  void *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  fiber.uc_stack.ss_sp = stack;
  fiber.uc_stack.ss_size = STACK;
  fiber.uc_link = &back;
  makecontext(&fiber, touch, 0);
  swapcontext(&back, &fiber);
  munmap(stack, STACK);
  return unused;
}

int main(int argc, char **argv) {
  for (int i = 0; i < MODULES; i++) {
    char name[600];
    snprintf(name, sizeof name, "%s/libtls%d.so", getenv("BENCH_FOLDER"), i + 1);
    void *library = dlopen(name, RTLD_NOW);
    if (library == NULL) bench_fail(dlerror());
    state_of[i] = (long *(*)(void))dlsym(library, "guest_state");
  }
  on_fiber = strcmp(bench_word(argc, argv, 0), "fiber") == 0;
  long rounds = atol(argv[1]) * 5;
  double *results = calloc((size_t)rounds, sizeof *results);
  for (long i = 0; i < rounds; i++) {
    pthread_t id;
    result = &results[i];
    pthread_create(&id, NULL, thread, NULL);
    pthread_join(id, NULL);
  }
  for (long i = 0; i < rounds; i++) printf("%.2f\n", results[i]);
  return 0;
}
