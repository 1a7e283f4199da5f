// Fibers, thread-local storage, private namespaces, handlers on alternate stacks.
#include "holding.h"

static ucontext_t home, fiber;
static void run_on_stack(void) {
  void *places[COUNT];
  fill(places);
  swapcontext(&fiber, &home);
  result = wrong(places);
}
static void collect_there(void) {
  void *places[COUNT];
  fill(places);
  collect();
  result = wrong(places);
}
static char *stack_of(int kind) {
  if (kind == 'm') return malloc(STACK);
  return mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
static void prepare(void (*function)(void), int kind) {
  getcontext(&fiber);
  fiber.uc_stack.ss_sp = stack_of(kind);
  fiber.uc_stack.ss_size = STACK;
  fiber.uc_link = &home;
  makecontext(&fiber, function, 0);
}
int fiber_suspended(void) {
  prepare(run_on_stack, 'm');
  swapcontext(&home, &fiber);
  collect();
  swapcontext(&home, &fiber);
  return result;
}
static int fiber_collects(int kind) {
  void *places[COUNT];
  fill(places);
  prepare(collect_there, kind);
  swapcontext(&home, &fiber);
  return result + wrong(places);
}
int fiber_collects_malloc(void) { return fiber_collects('m'); }
int fiber_collects_mmap(void) { return fiber_collects('a'); }
static void wait_there(void) {
  void *places[COUNT];
  fill(places);
  filled_now();
  result += wrong(places);
}
static void *on_fiber(void *unused) {
  (void)unused;
  struct GC_stack_base base;
  GC_get_stack_base(&base);
  GC_register_my_thread(&base);
  void *places[COUNT];
  fill(places);
  prepare(wait_there, 'a');
  swapcontext(&home, &fiber);
  result += wrong(places);
  GC_unregister_my_thread();
  return NULL;
}
int fiber_of_thread(void) {
  GC_allow_register_threads();
  return with_thread(on_fiber);
}
extern int boost_suspended(void *(*make)(int), int (*check)(void **), void (*collect)(void));
extern int boost_collects(void *(*make)(int), int (*check)(void **), void (*collect)(void));
int fiber_boost(void) { return boost_suspended(make, wrong, collect); }
int fiber_boost_collects(void) { return boost_collects(make, wrong, collect); }

// ---- thread-local storage and private namespaces ----

static _Thread_local void *program_local[COUNT];
int local_program(void) {
  fill(program_local);
  collect();
  return wrong(program_local);
}
static int in_library(const char *name, int space, int thread) {
  char path[512];
  snprintf(path, sizeof path, "%s/libkeeper.so", getenv("KEEPER"));
  void *library = space ? dlmopen(LM_ID_NEWLM, path, RTLD_NOW) : dlopen(path, RTLD_NOW);
  if (library == NULL) printf("%s\n", dlerror()), exit(9);
  void **(*places)(void) = (void **(*)(void))dlsym(library, name);
  (void)thread;
  fill(places());
  collect();
  return wrong(places());
}
int local_library(void) { return in_library("keeper_local", 0, 0); }
int data_namespace(void) { return in_library("keeper_data", 1, 0); }
static void *in_local(void *unused) {
  (void)unused;
  fill(program_local);
  filled_now();
  result = wrong(program_local);
  return NULL;
}
int local_thread(void) { return with_thread(in_local); }

// ---- signal handlers on alternate stacks ----

static void handler(int signal) {
  (void)signal;
  void *places[COUNT];
  fill(places);
  collect();
  result += wrong(places);
}
static int handler_collects(int kind) {
  stack_t stack = {.ss_sp = stack_of(kind), .ss_size = STACK};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR1, &action, NULL);
  void *places[COUNT];
  fill(places);
  raise(SIGUSR1);
  return result + wrong(places);
}
int handler_malloc(void) { return handler_collects('m'); }
int handler_mmap(void) { return handler_collects('a'); }
