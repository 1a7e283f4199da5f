// rb PLACE: objects of an embedded Ruby that only threads, fibers and pins hold of which Ruby
// knows nothing.
#include <coexist.h>
#include <pthread.h>
#include <ruby.h>
#include <ruby/thread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { COUNT = 64, LENGTH = 90, ROUNDS = 3, STACK = 256 * 1024 };

static VALUE make(int number) {
  char text[LENGTH];
  memset(text, number + 1, LENGTH);
  return rb_str_new(text, LENGTH);
}
static int is_whole(VALUE object, int number) {
  if (!RB_TYPE_P(object, T_STRING) || RSTRING_LEN(object) != LENGTH) return 0;
  for (int i = 0; i < LENGTH; i++)
    if (RSTRING_PTR(object)[i] != (char)(number + 1)) return 0;
  return 1;
}
__attribute__((noinline)) static void wipe(void) {
  volatile char dirt[32 * 1024];
  for (size_t i = 0; i < sizeof dirt; i++) dirt[i] = 0;
}
__attribute__((noinline)) static void collect(void) {
  for (int i = 0; i < ROUNDS; i++) {
    wipe();
    rb_gc_start();
    for (int n = 0; n < 20000; n++) make(n % 100 + 100);
  }
}

// Pointers on their way to where they are held, as no collector recognises them.
static uintptr_t *hidden;
__attribute__((noinline)) static void hide(void) {
  for (int i = 0; i < COUNT; i++) hidden[i] = ~(uintptr_t)make(i);
}
__attribute__((noinline)) static int wrong(void) {
  int bad = 0;
  for (int i = 0; i < COUNT; i++) bad += !is_whole((VALUE)~hidden[i], i);
  return bad;
}
static sem_t filled, collected;
static void *hold(void *unused) {
  (void)unused;
  volatile uintptr_t places[COUNT];
  for (int i = 0; i < COUNT; i++) places[i] = ~hidden[i];
  memset(hidden, 0, COUNT * sizeof *hidden);
  sem_post(&filled);
  while (sem_wait(&collected) != 0) {}
  for (int i = 0; i < COUNT; i++) hidden[i] = ~places[i];
  return NULL;
}
static void *hold_masked(void *unused) {
  uint64_t all = ~0ull;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
  return hold(unused);
}
static atomic_int running;
static void *hold_busy(void *unused) {
  (void)unused;
  volatile uintptr_t places[COUNT];
  for (int i = 0; i < COUNT; i++) places[i] = ~hidden[i];
  memset(hidden, 0, COUNT * sizeof *hidden);
  sem_post(&filled);
  while (sem_trywait(&collected) != 0) running++;
  for (int i = 0; i < COUNT; i++) hidden[i] = ~places[i];
  return NULL;
}
static int on_thread(void *(*function)(void *)) {
  pthread_t id;
  hide();
  pthread_create(&id, NULL, function, NULL);
  while (sem_wait(&filled) != 0) {}
  collect();
  sem_post(&collected);
  pthread_join(id, NULL);
  return wrong();
}

static _Thread_local uintptr_t own[COUNT];
static void *hold_local(void *unused) {
  (void)unused;
  for (int i = 0; i < COUNT; i++) own[i] = ~hidden[i];
  memset(hidden, 0, COUNT * sizeof *hidden);
  sem_post(&filled);
  while (sem_wait(&collected) != 0) {}
  for (int i = 0; i < COUNT; i++) hidden[i] = ~own[i];
  return NULL;
}

static ucontext_t home, fiber;
static void there(void) {
  volatile uintptr_t places[COUNT];
  for (int i = 0; i < COUNT; i++) places[i] = ~hidden[i];
  memset(hidden, 0, COUNT * sizeof *hidden);
  swapcontext(&fiber, &home);
  for (int i = 0; i < COUNT; i++) hidden[i] = ~places[i];
}
static int on_fiber(void) {
  hide();
  getcontext(&fiber);
  fiber.uc_stack.ss_sp =
      mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  fiber.uc_stack.ss_size = STACK;
  fiber.uc_link = &home;
  makecontext(&fiber, there, 0);
  swapcontext(&home, &fiber);
  collect();
  swapcontext(&home, &fiber);
  return wrong();
}

static coexist_pin_t pins[COUNT];
__attribute__((noinline)) static void pin_all(void) {
  for (int i = 0; i < COUNT; i++) {
    pins[i] = coexist_pin((void *)~hidden[i]);
    pins[i].object = NULL;
  }
}
static int pinned(void) {
  hide();
  pin_all();
  collect();
  int bad = wrong();
  for (int i = 0; i < COUNT; i++) {
    pins[i].object = (void *)~hidden[i];
    bad += coexist_unpin(pins[i]) != 0;
  }
  return bad;
}

int main(int count, char **words) {
  if (count != 2) return 2;
  ruby_sysinit(&count, &words);
  ruby_init_stack(__builtin_frame_address(0));
  if (ruby_setup()) return 9;
  ruby_script("roots");
  ruby_init_loadpath();
  rb_require("etc");  // a library, as every application loads some
  hidden = malloc(COUNT * sizeof *hidden);
  sem_init(&filled, 0, 0), sem_init(&collected, 0, 0);
  const char *place = words[1];
  int bad = strcmp(place, "stack") == 0    ? on_thread(hold)
            : strcmp(place, "masked") == 0 ? on_thread(hold_masked)
            : strcmp(place, "busy") == 0   ? on_thread(hold_busy)
            : strcmp(place, "local") == 0  ? on_thread(hold_local)
            : strcmp(place, "fiber") == 0  ? on_fiber()
            : strcmp(place, "pinned") == 0 ? pinned()
                                           : 9;
  printf("RESULT %s at %s\n", bad ? "False" : "True", place);
  fflush(stdout);
  _exit(bad != 0);
}
