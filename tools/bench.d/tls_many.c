// Many modules, many contexts: tls_many ROUNDS OPS WHAT MODULES CONTEXTS. WHAT, one operation:
//   switch  from main to one fiber after another and back, each of which reads one variable
//   enter   one context after another entered by hand and left
//   thread  a variable of one module after another, on the thread's own stack
//   task    a context that is made, entered, used in one module, left and destroyed
//   fiber   a stack that is mapped, run on and unmapped, with one variable touched
// bytes: no time, but the memory of one context of MODULES blocks, without the blocks (private
// pages of the process, divided); grown: the memory of the process that CONTEXTS tasks leave behind.
#include <coexist.h>
#include <dlfcn.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "bench.h"

enum { STACK = 16384, BLOCK = 64 };
static long *(**state_of)(void);
static int modules, contexts;
static coexist_context_t *entered;
static ucontext_t *fibers, back;
static int next_module, next_context;

static int advance(int *next, int count) {
  int now = *next;
  *next = now + 1 == count ? 0 : now + 1;
  return now;
}
static void use(void) { ++*state_of[advance(&next_module, modules)](); }
static void switch_once(void) { swapcontext(&back, &fibers[advance(&next_context, contexts)]); }
static void on_fiber(void) {
  ucontext_t *me = &fibers[next_context == 0 ? contexts - 1 : next_context - 1];
  for (;;) use(), swapcontext(me, &back);
}
static void enter_once(void) {
  coexist_context_t context = entered[advance(&next_context, contexts)];
  coexist_enter(context), coexist_leave(context);
}
static void task_once(void) {
  coexist_context_t context = coexist_create();
  if (coexist_enter(context) != 0) bench_fail("not entered");
  use();
  coexist_leave(context);
  coexist_destroy(context);
}
static void touch(void) { use(); }
static void make(ucontext_t *fiber, char *stack, void (*function)(void)) {
  getcontext(fiber);
  fiber->uc_stack.ss_sp = stack;
  fiber->uc_stack.ss_size = STACK;
  fiber->uc_link = &back;
  makecontext(fiber, function, 0);
}
static void fiber_once(void) {
  ucontext_t fiber;
  char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  make(&fiber, stack, touch);
  swapcontext(&back, &fiber);
  munmap(stack, STACK);
}

// Bytes of this process that no other shares.
static double memory(void) {
  char line[256];
  double total = 0, kilobytes;
  FILE *file = fopen("/proc/self/smaps_rollup", "r");
  while (fgets(line, sizeof line, file) != NULL)
    if (sscanf(line, "Private_Dirty: %lf", &kilobytes) == 1) total += kilobytes * 1024;
  fclose(file);
  return total;
}
static void open_modules(void) {
  state_of = calloc((size_t)modules, sizeof *state_of);
  for (int i = 0; i < modules; i++) {
    char name[600];
    snprintf(name, sizeof name, "%s/many/%d.so", getenv("BENCH_FOLDER"), i + 1);
    void *library = dlopen(name, RTLD_NOW);
    if (library == NULL) bench_fail(dlerror());
    state_of[i] = (long *(*)(void))dlsym(library, "guest_state");
  }
}
static void make_fibers(void) {
  // One mapping, as pools do: 100 000 would be more than the kernel allows.
  char *stacks = mmap(NULL, (size_t)contexts * STACK, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  fibers = calloc((size_t)contexts, sizeof *fibers);
  for (int i = 0; i < contexts; i++) make(&fibers[i], stacks + (size_t)i * STACK, on_fiber);
  for (int i = 0; i < contexts; i++) switch_once();
}
static void make_contexts(void) {
  entered = calloc((size_t)contexts, sizeof *entered);
  for (int i = 0; i < contexts; i++) entered[i] = coexist_create();
  for (int i = 0; i < contexts; i++) enter_once();
}

int main(int argc, char **argv) {
  const char *what = bench_word(argc, argv, 0);
  modules = atoi(bench_word(argc, argv, 1)), contexts = atoi(bench_word(argc, argv, 2));
  open_modules();
  if (strcmp(what, "thread") == 0) return bench_run(argv, use);
  if (strcmp(what, "task") == 0) return bench_run(argv, task_once);
  if (strcmp(what, "fiber") == 0) return bench_run(argv, fiber_once);
  if (strcmp(what, "switch") == 0) return make_fibers(), bench_run(argv, switch_once);
  if (strcmp(what, "enter") == 0) return make_contexts(), bench_run(argv, enter_once);
  double before = memory();
  if (strcmp(what, "bytes") == 0) {
    make_contexts();
    double each = (memory() - before) / contexts - (double)modules * BLOCK;
    printf("%.2f\n", each - sizeof *entered);
    return 0;
  }
  if (strcmp(what, "grown") != 0) bench_fail("what?");
  for (int i = 0; i < 1000; i++) task_once(), fiber_once();
  before = memory();
  for (int i = 0; i < contexts; i++) task_once(), fiber_once();
  printf("%.2f\n", (memory() - before) / 1024);
  return 0;
}
