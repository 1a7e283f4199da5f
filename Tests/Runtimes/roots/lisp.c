// guile PLACE, ecl PLACE: objects of a Lisp over Boehm's collector, held only where PLACE says.
// The program is written for neither threads nor fibers: it calls the Lisp's collector on one.
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { COUNT = 64, LENGTH = 12, ROUNDS = 3, STACK = 1024 * 1024 };

#ifdef LISP_GUILE
#include <libguile.h>
typedef SCM Object;
static Object make(int number) { return scm_c_make_vector(LENGTH, scm_from_int(number)); }
static int is_whole(Object object, int number) {
  if (!scm_is_vector(object) || scm_c_vector_length(object) != LENGTH) return 0;
  for (size_t i = 0; i < LENGTH; i++)
    if (!scm_is_eq(scm_c_vector_ref(object, i), scm_from_int(number))) return 0;
  return 1;
}
static void collect_once(void) { scm_gc(); }
#else
#include <ecl/ecl.h>
typedef cl_object Object;
static Object make(int number) {
  cl_object vector = ecl_alloc_simple_vector(LENGTH, ecl_aet_object);
  for (int i = 0; i < LENGTH; i++) vector->vector.self.t[i] = ecl_make_fixnum(number);
  return vector;
}
static int is_whole(Object object, int number) {
  if (ecl_t_of(object) != t_vector || object->vector.dim != LENGTH) return 0;
  for (int i = 0; i < LENGTH; i++)
    if (object->vector.self.t[i] != ecl_make_fixnum(number)) return 0;
  return 1;
}
static void collect_once(void) { si_gc(1, ECL_T); }
#endif

__attribute__((noinline)) static void fill(Object *places) {
  for (int i = 0; i < COUNT; i++) places[i] = make(i);
}
static int wrong(Object *places) {
  int bad = 0;
  for (int i = 0; i < COUNT; i++) bad += !is_whole(places[i], i);
  return bad;
}
__attribute__((noinline)) static void wipe(void) {
  volatile char dirt[32 * 1024];
  for (size_t i = 0; i < sizeof dirt; i++) dirt[i] = 0;
}
__attribute__((noinline)) static void collect(void) {
  for (int i = 0; i < ROUNDS; i++) {
    wipe();
    collect_once();
    for (int n = 0; n < 3000; n++) make(n + 1000);
  }
}

static sem_t filled, collected;
static int result;

// Pointers on their way to a thread, as the collector cannot recognise them.
static uintptr_t *hidden;
__attribute__((noinline)) static void hide(void) {
  for (int i = 0; i < COUNT; i++) hidden[i] = ~(uintptr_t)make(i);
}
static void *on_stack(void *unused) {
  (void)unused;
  volatile uintptr_t places[COUNT];
  for (int i = 0; i < COUNT; i++) places[i] = ~hidden[i];
  memset(hidden, 0, COUNT * sizeof *hidden);
  sem_post(&filled);
  while (sem_wait(&collected) != 0) {}
  for (int i = 0; i < COUNT; i++) hidden[i] = ~places[i];
  return NULL;
}
static int stack(void) {
  hidden = malloc(COUNT * sizeof *hidden);
  hide();
  pthread_t id;
  pthread_create(&id, NULL, on_stack, NULL);
  while (sem_wait(&filled) != 0) {}
  collect();
  sem_post(&collected);
  pthread_join(id, NULL);
  for (int i = 0; i < COUNT; i++) result += !is_whole((Object)~hidden[i], i);
  return result;
}

static atomic_int working;
static void *allocate(void *unused) {
  (void)unused;
  Object places[COUNT];
  fill(places);
  for (int i = 0; i < 20000; i++) make(i + 1000);
  result += wrong(places);
  working = 0;
  return NULL;
}
static int allocates(void) {
  pthread_t id;
  working = 1;
  pthread_create(&id, NULL, allocate, NULL);
  while (working) collect();
  pthread_join(id, NULL);
  return result;
}

static ucontext_t home, fiber;
static void there(void) {
  Object places[COUNT];
  fill(places);
  collect();
  result = wrong(places);
}
static int on_fiber(void) {
  Object places[COUNT];
  fill(places);
  getcontext(&fiber);
  fiber.uc_stack.ss_sp =
      mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  fiber.uc_stack.ss_size = STACK;
  fiber.uc_link = &home;
  makecontext(&fiber, there, 0);
  swapcontext(&home, &fiber);
  return result + wrong(places);
}

static void *run(void *word) {
  const char *place = word;
  sem_init(&filled, 0, 0), sem_init(&collected, 0, 0);
  int bad = strcmp(place, "stack") == 0       ? stack()
            : strcmp(place, "allocates") == 0 ? allocates()
            : strcmp(place, "fiber") == 0     ? on_fiber()
                                              : 9;
  printf("RESULT %s at %s\n", bad ? "False" : "True", place);
  fflush(stdout);
  return (void *)(intptr_t)bad;
}
int main(int count, char **words) {
  if (count != 2) return 2;
#ifdef LISP_GUILE
  return scm_with_guile(run, words[1]) != NULL;
#else
  cl_boot(1, words);
  return run(words[1]) != NULL;
#endif
}
