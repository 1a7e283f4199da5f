// roots PLACE: objects of Boehm's collector whose only pointers lie where PLACE says, while it
// collects. Exit 0 = all of them are still there. Only what a program may do that knows nothing of
// the collector's threads: no GC_register_my_thread, no gc.h redirection.
#define _GNU_SOURCE
#define GC_NO_THREAD_REDIRECTS
#define GC_THREADS
#include <coexist.h>
#include <dlfcn.h>
#include <errno.h>
#include <gc.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <stdatomic.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { COUNT = 64, SIZE = 96, ROUNDS = 3, STACK = 256 * 1024 };

static atomic_int lost;
static void freed(void *object, void *unused) {
  (void)object, (void)unused;
  lost++;
}

// An object that says when it is freed, and is overwritten if its memory is given away.
static void *make(int number) {
  unsigned char *object = GC_MALLOC(SIZE);
  memset(object, number + 1, SIZE);
  GC_REGISTER_FINALIZER_NO_ORDER(object, freed, NULL, NULL, NULL);
  return object;
}
static int is_whole(const unsigned char *object, int number) {
  for (int i = 0; i < SIZE; i++)
    if (object[i] != (unsigned char)(number + 1)) return 0;
  return 1;
}
__attribute__((noinline)) static void fill(void **places) {
  for (int i = 0; i < COUNT; i++) places[i] = make(i);
}
static int wrong(void **places) {
  int bad = lost;
  for (int i = 0; i < COUNT; i++) bad += !is_whole(places[i], i);
  return bad;
}
// Overwrites what earlier calls left on the stack, so that nothing is held by chance.
__attribute__((noinline)) static void wipe(void) {
  volatile char dirt[32 * 1024];
  for (size_t i = 0; i < sizeof dirt; i++) dirt[i] = 0;
}
__attribute__((noinline)) static void collect(void) {
  for (int i = 0; i < ROUNDS; i++) {
    wipe();
    GC_gcollect();
    GC_invoke_finalizers();
    for (int n = 0; n < 2000; n++) memset(GC_MALLOC(SIZE), 0xEE, SIZE);
  }
}

static sem_t filled, collected;
static void filled_now(void) {
  sem_post(&filled);
  while (sem_wait(&collected) != 0) {}
}
static int result;

// ---- threads that the collector does not know ----

static void *on_stack(void *unused) {
  (void)unused;
  void *places[COUNT];
  fill(places);
  filled_now();
  result = wrong(places);
  return NULL;
}
static void *masked(void *unused) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  return on_stack(unused);
}
static void *raw_masked(void *unused) {
  uint64_t all = ~0ull;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
  return on_stack(unused);
}
static void *in_registers(void *unused) {
  (void)unused;
  void *one = make(0);
  sem_post(&filled);
  struct timespec nap = {0, 200000000};
  register void *kept __asm__("r12") = (void *)~(uintptr_t)one;
  one = NULL;
  __asm__ volatile("not %0" : "+r"(kept));
  long left;
  do  // nanosleep(2) by hand: the pointer is in a register only
    __asm__ volatile("syscall" : "=a"(left) : "a"(SYS_nanosleep), "D"(&nap), "S"(&nap), "r"(kept)
                     : "rcx", "r11", "memory");
  while (left == -EINTR);
  while (sem_wait(&collected) != 0) {}
  result = lost || !is_whole(kept, 0);
  return NULL;
}
static volatile int spins;
static void *busy(void *unused) {
  (void)unused;
  void *places[COUNT];
  fill(places);
  sem_post(&filled);
  while (sem_trywait(&collected) != 0) spins++;
  result = wrong(places);
  return NULL;
}
static int with_thread(void *(*function)(void *)) {
  pthread_t id;
  pthread_create(&id, NULL, function, NULL);
  while (sem_wait(&filled) != 0) {}
  collect();
  sem_post(&collected);
  pthread_join(id, NULL);
  return result;
}
static int thread_stack(void) { return with_thread(on_stack); }
static int thread_masked(void) { return with_thread(masked); }
static int thread_raw_masked(void) { return with_thread(raw_masked); }
static int thread_registers(void) { return with_thread(in_registers); }
static int thread_busy(void) { return with_thread(busy); }

static atomic_int working, bad;
static void *allocate(void *unused) {
  (void)unused;
  void *places[COUNT];
  fill(places);
  for (int i = 0; i < 20000; i++) memset(GC_MALLOC(SIZE), 0xEE, SIZE);
  // The other thread's objects may be freed already: only ours count.
  for (int i = 0; i < COUNT; i++) bad += !is_whole(places[i], i);
  working--;
  return NULL;
}
static int thread_allocates(void) {
  pthread_t ids[2];
  working = 2;
  for (int i = 0; i < 2; i++) pthread_create(&ids[i], NULL, allocate, NULL);
  while (working > 0) collect();
  for (int i = 0; i < 2; i++) pthread_join(ids[i], NULL);
  return bad;
}
static int thread_collects(void) {
  void *places[COUNT];
  fill(places);
  pthread_t id;
  pthread_create(&id, NULL, allocate, NULL);
  pthread_join(id, NULL);
  for (int i = 0; i < COUNT; i++) bad += !is_whole(places[i], i);
  return bad;
}
static void *nothing(void *unused) { return unused; }
static int thread_joined(void) {
  pthread_t id;
  void *value = NULL;
  pthread_create(&id, NULL, nothing, &lost);
  return GC_pthread_join(id, &value) != 0 || value != &lost;
}
static void expired(union sigval unused) {
  (void)unused;
  on_stack(NULL);
}
static int thread_of_timer(void) {
  struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = expired};
  struct itimerspec soon = {{0, 0}, {0, 1000000}};
  timer_t timer;
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  timer_settime(timer, 0, &soon, NULL);
  while (sem_wait(&filled) != 0) {}
  collect();
  sem_post(&collected);
  usleep(100000);
  return result;
}

// ---- fibers ----

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
static int fiber_suspended(void) {
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
static int fiber_collects_malloc(void) { return fiber_collects('m'); }
static int fiber_collects_mmap(void) { return fiber_collects('a'); }
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
static int fiber_of_thread(void) {
  GC_allow_register_threads();
  return with_thread(on_fiber);
}
extern int boost_suspended(void *(*make)(int), int (*check)(void **), void (*collect)(void));
extern int boost_collects(void *(*make)(int), int (*check)(void **), void (*collect)(void));
static int fiber_boost(void) { return boost_suspended(make, wrong, collect); }
static int fiber_boost_collects(void) { return boost_collects(make, wrong, collect); }

// ---- thread-local storage and private namespaces ----

static _Thread_local void *program_local[COUNT];
static int local_program(void) {
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
static int local_library(void) { return in_library("keeper_local", 0, 0); }
static int data_namespace(void) { return in_library("keeper_data", 1, 0); }
static void *in_local(void *unused) {
  (void)unused;
  fill(program_local);
  filled_now();
  result = wrong(program_local);
  return NULL;
}
static int local_thread(void) { return with_thread(in_local); }

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
static int handler_malloc(void) { return handler_collects('m'); }
static int handler_mmap(void) { return handler_collects('a'); }

// ---- pins ----

static coexist_pin_t pins[COUNT];
__attribute__((noinline)) static void pin_all(uintptr_t *hidden) {
  for (int i = 0; i < COUNT; i++) {
    void *object = make(i);
    hidden[i] = ~(uintptr_t)object;
    pins[i] = coexist_pin(object);
    pins[i].object = NULL;  // the program's own copy would hold it, too
  }
}
static int wrong_hidden(const uintptr_t *hidden) {
  int bad = lost;
  for (int i = 0; i < COUNT; i++) bad += !is_whole((void *)~hidden[i], i);
  return bad;
}
static int pinned(void) {
  uintptr_t hidden[COUNT];
  pin_all(hidden);
  collect();
  int bad = wrong_hidden(hidden);
  for (int i = 0; i < COUNT; i++) {
    pins[i].object = (void *)~hidden[i];
    bad += coexist_unpin(pins[i]) != 0;
    bad += coexist_unpin(pins[i]) != EINVAL;  // once only
    pins[i].object = NULL;
  }
  coexist_pin_t none = coexist_pin(NULL), foreign = {pins, pins};
  bad += none.place != NULL || coexist_unpin(none) != EINVAL || coexist_unpin(foreign) != EINVAL;
  memset(hidden, 0, sizeof hidden);
  collect();
  if (bad + (lost < COUNT - 4)) printf("%d bad, %d freed\n", bad, lost);
  return bad + (lost < COUNT - 4);  // one or two may be held by an old word on the stack
}
static int region(void) {
  void **places = malloc(COUNT * sizeof *places);
  int bad = coexist_region(places, COUNT * sizeof *places) != 0;
  fill(places);
  collect();
  bad += wrong(places) + (coexist_region_end(places) != 0) + (coexist_region_end(places) != EINVAL);
  return bad + (coexist_region(NULL, 8) != EINVAL);
}
static uintptr_t sought;
static atomic_int seen;
static void look(const void *low, const void *high, void *argument) {
  (void)argument;
  for (const uintptr_t *word = low; (const void *)(word + 1) <= high; word++)
    if (*word == ~sought) seen++;
}
static void *holds(void *unused) {
  (void)unused;
  volatile uintptr_t held = ~sought;
  filled_now();
  result = held != ~sought;
  return NULL;
}
static int roots_each(void) {
  if (!coexist_present()) return 1;
  sought = ~(uintptr_t)0x1234567890ABCDE8;
  pthread_t id;
  pthread_create(&id, NULL, holds, NULL);
  while (sem_wait(&filled) != 0) {}
  int bad = coexist_roots_each(COEXIST_ROOTS_PINS, look, NULL) != 0 || seen != 0;
  bad += coexist_roots_each(COEXIST_ROOTS_STACKS, look, NULL) != 0 || seen == 0;
  seen = 0;
  coexist_pin_t pin = coexist_pin((void *)~sought);
  bad += coexist_roots_each(COEXIST_ROOTS_PINS, look, NULL) != 0 || seen != 1;
  coexist_unpin(pin);
  sem_post(&collected);
  pthread_join(id, NULL);
  return bad + result + (coexist_roots_each(8, look, NULL) != EINVAL);
}

static int control(void) {
  void *places[COUNT];
  fill(places);
  collect();
  return wrong(places);
}

#define PLACE(name) {#name, name}
static const struct {
  const char *name;
  int (*check)(void);
} places[] = {
    PLACE(control), PLACE(thread_stack), PLACE(thread_masked), PLACE(thread_raw_masked),
    PLACE(thread_registers), PLACE(thread_busy), PLACE(thread_allocates), PLACE(thread_collects),
    PLACE(thread_joined), PLACE(thread_of_timer), PLACE(fiber_suspended),
    PLACE(fiber_collects_malloc), PLACE(fiber_collects_mmap), PLACE(fiber_of_thread),
    PLACE(fiber_boost), PLACE(fiber_boost_collects), PLACE(local_program), PLACE(local_library),
    PLACE(local_thread), PLACE(data_namespace), PLACE(handler_malloc), PLACE(handler_mmap),
    PLACE(pinned), PLACE(region), PLACE(roots_each)};

int main(int count, char **words) {
  GC_INIT();
  sem_init(&filled, 0, 0), sem_init(&collected, 0, 0);
  for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
    if (count != 2 || strcmp(places[i].name, words[1]) != 0) continue;
    int bad = places[i].check();
    printf("RESULT %s at %s\n", bad ? "False" : "True", places[i].name);
    return bad != 0;
  }
  fprintf(stderr, "usage: roots PLACE\n");
  return 2;
}
