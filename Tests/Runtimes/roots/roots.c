// roots PLACE: objects of Boehm's collector whose only pointers lie where PLACE says, while it
// collects. Exit 0 = all of them are still there. Only what a program may do that knows nothing of
// the collector's threads: no GC_register_my_thread, no gc.h redirection.
#include "holding.h"

atomic_int lost;
static void freed(void *object, void *unused) {
  (void)object, (void)unused;
  lost++;
}

// An object that says when it is freed, and is overwritten if its memory is given away.
void *make(int number) {
  unsigned char *object = GC_MALLOC(SIZE);
  memset(object, number + 1, SIZE);
  GC_REGISTER_FINALIZER_NO_ORDER(object, freed, NULL, NULL, NULL);
  return object;
}
int is_whole(const unsigned char *object, int number) {
  for (int i = 0; i < SIZE; i++)
    if (object[i] != (unsigned char)(number + 1)) return 0;
  return 1;
}
__attribute__((noinline)) void fill(void **places) {
  for (int i = 0; i < COUNT; i++) places[i] = make(i);
}
int wrong(void **places) {
  int bad = lost;
  for (int i = 0; i < COUNT; i++) bad += !is_whole(places[i], i);
  return bad;
}
// Overwrites what earlier calls left on the stack, so that nothing is held by chance.
__attribute__((noinline)) static void wipe(void) {
  volatile char dirt[32 * 1024];
  for (size_t i = 0; i < sizeof dirt; i++) dirt[i] = 0;
}
__attribute__((noinline)) void collect(void) {
  for (int i = 0; i < ROUNDS; i++) {
    wipe();
    GC_gcollect();
    GC_invoke_finalizers();
    for (int n = 0; n < 2000; n++) memset(GC_MALLOC(SIZE), 0xEE, SIZE);
  }
}

sem_t filled, collected;
void filled_now(void) {
  sem_post(&filled);
  while (sem_wait(&collected) != 0) {}
}
int result;

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
static void *raw_busy(void *unused) {
  uint64_t all = ~0ull;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
  return busy(unused);
}
int with_thread(void *(*function)(void *)) {
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
static int thread_raw_busy(void) { return with_thread(raw_busy); }
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
    PLACE(thread_raw_busy),
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
