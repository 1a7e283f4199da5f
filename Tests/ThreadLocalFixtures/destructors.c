// A context's thread_local objects and keys are destroyed once, in order, at its end, and by nobody
// before: OBJECTS is objects.cc.
#include <coexist.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

static void (*use)(long), (*clear)(void);
static int (*check)(long);
static const char *(*written)(void);
static int failures;
static void expect(const char *what, const char *text) {
  if (strcmp(written(), text) != 0)
    failures++, fprintf(stderr, "%s: \"%s\", not \"%s\"\n", what, written(), text);
  clear();
}

static coexist_context_t contexts[2];
static void *fill(void *unused) {
  for (int i = 0; i < 2; i++) {
    if (coexist_enter(contexts[i]) != 0) failures++;
    use(i + 1);
    if (coexist_leave(contexts[i]) != 0) failures++;
  }
  use(9);
  return unused;
}
static void by_hand(void) {
  for (int i = 0; i < 2; i++) contexts[i] = coexist_create();
  pthread_t thread;
  pthread_create(&thread, NULL, fill, NULL);
  pthread_join(thread, NULL);
  expect("the thread that made them exits", "b9 a9 k9 ");
  coexist_enter(contexts[1]);
  if (!check(2)) failures++, fprintf(stderr, "the second context lost its objects\n");
  coexist_leave(contexts[1]);
  coexist_destroy(contexts[0]);
  expect("the first ends", "b1 a1 k1 ");
  coexist_destroy(contexts[1]);
  expect("the second ends", "b2 a2 k2 ");
}

static ucontext_t back, fiber;
static void on_fiber(void) {
  use(5);
  swapcontext(&fiber, &back);
  if (!check(5)) failures++, fprintf(stderr, "the fiber lost its objects\n");
}
static void by_stack(void) {
  static char stack[65536];
  use(4);
  for (int i = 0; i < 2; i++) {
    getcontext(&fiber);
    fiber.uc_stack.ss_sp = stack;
    fiber.uc_stack.ss_size = sizeof stack;
    fiber.uc_link = &back;
    makecontext(&fiber, on_fiber, 0);
    swapcontext(&back, &fiber);
    expect("the fiber waits", "");
    if (!check(4)) failures++, fprintf(stderr, "main lost its objects\n");
    swapcontext(&back, &fiber);
    expect("the fiber's function returns", "b5 a5 k5 ");
    if (!check(4)) failures++, fprintf(stderr, "main lost its objects\n");
  }
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  void *objects = dlopen(argv[1], RTLD_NOW);
  use = (void (*)(long))dlsym(objects, "objects_use");
  check = (int (*)(long))dlsym(objects, "objects_check");
  written = (const char *(*)(void))dlsym(objects, "objects_log");
  clear = (void (*)(void))dlsym(objects, "objects_clear");
  if (argc > 2) by_hand();
  by_stack();
  printf("%d failures\n", failures);
  return failures != 0;
}
