// Many modules with thread-local state, many contexts: ROUNDS OPS WHAT MODULES CONTEXTS.
//   access  one module's variable after another, on a fiber, CONTEXTS living
//   switch  from main to one fiber after another and back, each of which uses a variable
//   enter   one context after another is entered by hand and left
//   again   one of them, again and again
//   task    a context is made, entered, used, left and destroyed, while CONTEXTS - 1 others live
// Not times, but bytes of private memory:
//   bytes   of a context that is entered by hand, without its blocks
//   fibers  of a fiber's, without its blocks and its stack
//   grown   what CONTEXTS tasks, and fibers for each 16th of them, leave behind
#include <coexist.h>
#include <sys/mman.h>

#include "bench.h"

enum { STACK = 16384, BLOCK = 64, WARM = 40000 };
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
static void make(ucontext_t *fiber, char *stack, void (*function)(void)) {
  getcontext(fiber);
  fiber->uc_stack.ss_sp = stack;
  fiber->uc_stack.ss_size = STACK;
  fiber->uc_link = &back;
  makecontext(fiber, function, 0);
}

static void switch_once(void) { swapcontext(&back, &fibers[advance(&next_context, contexts)]); }
static void on_fiber(void) {
  for (;;) {
    ucontext_t *me = &fibers[next_context == 0 ? contexts - 1 : next_context - 1];
    use();
    swapcontext(me, &back);
  }
}
static char **arguments;
static void on_measured_fiber(void) {
  for (int i = 0; i < modules; i++) use();
  bench_run(arguments, use);
  fflush(stdout);
}
static void enter_once(void) {
  coexist_context_t context = entered[advance(&next_context, contexts)];
  coexist_enter(context), coexist_leave(context);
}
static void again_once(void) { coexist_enter(entered[0]), coexist_leave(entered[0]); }
static void task_once(void) {
  coexist_context_t context = coexist_create();
  if (coexist_enter(context) != 0) bench_fail("not entered");
  use();
  coexist_leave(context);
  coexist_destroy(context);
}
static void fiber_once(void) {
  ucontext_t fiber;
  char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  make(&fiber, stack, use);
  swapcontext(&back, &fiber);
  munmap(stack, STACK);
}

static double private_bytes(void) {
  char line[256];
  double bytes = 0;
  FILE *file = fopen("/proc/self/smaps_rollup", "r");
  while (fgets(line, sizeof line, file) != NULL)
    if (sscanf(line, "Private_Dirty: %lf", &bytes) == 1) break;
  fclose(file);
  return bytes * 1024;
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
// In one mapping, as pools have them: the kernel allows no 100 000 of them. What the program itself
// writes there is written before anything is measured.
static char *make_stacks(void) {
  char *stacks = mmap(NULL, (size_t)contexts * STACK, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  for (int i = 1; i <= contexts; i++) stacks[(size_t)i * STACK - 1] = 1;
  fibers = malloc((size_t)contexts * sizeof *fibers);
  memset(fibers, 1, (size_t)contexts * sizeof *fibers);
  return stacks;
}
static void make_fibers(char *stacks) {
  for (int i = 0; i < contexts; i++) make(&fibers[i], stacks + (size_t)i * STACK, on_fiber);
  for (int i = 0; i < contexts; i++) switch_once();
}
static void make_contexts(void) {
  for (int i = 0; i < contexts; i++) entered[i] = coexist_create();
}

static int access_modules(char **argv) {
  arguments = argv;
  make_fibers(make_stacks());
  ucontext_t fiber;
  char *stack = mmap(NULL, 16 * STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  make(&fiber, stack, on_measured_fiber);
  swapcontext(&back, &fiber);
  return 0;
}
static int bytes_since(double before) {
  printf("%.2f\n", (private_bytes() - before) / contexts - (double)modules * BLOCK);
  return 0;
}
static int grown(void) {
  for (int i = 0; i < WARM; i++) task_once(), fiber_once();
  double before = private_bytes();
  for (int i = 0; i < contexts; i++) {
    task_once();
    if (i % 16 == 0) fiber_once();
  }
  printf("%.2f\n", private_bytes() - before);
  return 0;
}

int main(int argc, char **argv) {
  const char *what = bench_word(argc, argv, 0);
  modules = atoi(bench_word(argc, argv, 1)), contexts = atoi(bench_word(argc, argv, 2));
  open_modules();
  if (strcmp(what, "access") == 0) return access_modules(argv);
  if (strcmp(what, "grown") == 0) return grown();
  if (strcmp(what, "switch") == 0 || strcmp(what, "fibers") == 0) {
    char *stacks = make_stacks();
    double before = private_bytes();
    make_fibers(stacks);
    return what[0] == 'f' ? bytes_since(before) : bench_run(argv, switch_once);
  }
  entered = malloc((size_t)contexts * sizeof *entered);
  memset(entered, 1, (size_t)contexts * sizeof *entered);
  double before = private_bytes();
  make_contexts();
  for (int i = 0; i < contexts; i++) enter_once();
  if (strcmp(what, "bytes") == 0) return bytes_since(before);
  if (strcmp(what, "task") == 0) return bench_run(argv, task_once);
  return bench_run(argv, strcmp(what, "again") == 0 ? again_once : enter_once);
}
