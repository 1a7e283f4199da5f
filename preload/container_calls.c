// What a library leaves behind in the process's libc, recorded so that it can leave: thread_local
// destructors, pthread keys, timers, on_exit functions. Inside containers these names are ours.
#include "preload.h"

#include <ccoexist/elf.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "container.h"

enum kind { DESTRUCTOR, KEY, TIMER, EXIT };

struct record {
  struct record *next;
  uint64_t container;
  enum kind kind;
  int32_t tid;
  void (*destructor)(void *);
  void (*at_exit)(int, void *);
  void *object;  // argument, key or timer
  struct ticking *ticking;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct record *records;

static struct record *add(struct coexist_container_record *container, enum kind kind) {
  struct record *record = calloc(1, sizeof *record);
  if (record == NULL) return NULL;
  record->container = container->id, record->kind = kind, record->tid = coexist_gettid();
  pthread_mutex_lock(&lock);
  record->next = records, records = record;
  if (kind == DESTRUCTOR) __atomic_fetch_add(&container->destructors, 1, __ATOMIC_ACQ_REL);
  if (kind == KEY) container->keys++;
  if (kind == TIMER) container->timers++;
  pthread_mutex_unlock(&lock);
  return record;
}

// Takes the first record that fits out of the list; NULL = none.
static struct record *take(uint64_t id, enum kind kind, void *object, int32_t tid) {
  pthread_mutex_lock(&lock);
  struct record **at = &records, *record;
  while ((record = *at) != NULL &&
         (record->kind != kind || (id != 0 && record->container != id) ||
          (object != NULL && record->object != object) || (tid != 0 && record->tid != tid)))
    at = &record->next;
  if (record != NULL) *at = record->next;
  pthread_mutex_unlock(&lock);
  return record;
}

static void count_less(struct record *record) {
  struct coexist_container_record *container = coexist_core_container_find(record->container);
  if (container == NULL) return;
  if (record->kind == DESTRUCTOR) __atomic_fetch_sub(&container->destructors, 1, __ATOMIC_ACQ_REL);
  if (record->kind == KEY) container->keys--;
  if (record->kind == TIMER) container->timers--;
}

// libc knows the destructor as ours: it would keep the library loaded until the thread ends
// (glibc stdlib/cxa_thread_atexit_impl.c). A record that is gone has been run by a close.
static void run_destructor(void *argument) {
  struct record *record = take(0, DESTRUCTOR, argument, coexist_gettid());
  if (record == NULL) return;
  void *object = *(void **)argument;
  free(argument);
  record->destructor(object);
  count_less(record);
  free(record);
}

extern int __cxa_thread_atexit_impl(void (*)(void *), void *, void *);
extern void *__dso_handle;

static int thread_atexit(void (*destructor)(void *), void *object, void *dso) {
  struct coexist_container_record *container = coexist_container_around((uint64_t)dso);
  void **box = container == NULL ? NULL : malloc(sizeof *box);
  struct record *record = box == NULL ? NULL : add(container, DESTRUCTOR);
  if (record == NULL) return free(box), __cxa_thread_atexit_impl(destructor, object, dso);
  *box = object;
  record->destructor = destructor, record->object = box;
  return __cxa_thread_atexit_impl(run_destructor, box, &__dso_handle);
}

// A key's destructor must not be called when its code is gone.
static int key_create(pthread_key_t *key, void (*destructor)(void *)) {
  int result = coexist_key_create(key, destructor, CALLER);
  struct coexist_container_record *container = coexist_container_around(CALLER);
  if (container == NULL) container = coexist_container_around((uint64_t)destructor);
  struct record *record = result != 0 || container == NULL ? NULL : add(container, KEY);
  if (record != NULL) record->object = (void *)(uintptr_t)(*key + 1ul);
  return result;
}

static int key_delete(pthread_key_t key) {
  struct record *record = take(0, KEY, (void *)(uintptr_t)(key + 1ul), 0);
  if (record != NULL) count_less(record);
  free(record);
  return pthread_key_delete(key);
}

// A timer's function runs on threads that libc makes; one may be on its way when the timer ends, so
// the box that it reads stays for ever.
struct ticking {
  void (*function)(union sigval);
  union sigval value;
  int ended, running;  // under the lock
};

static void tick(union sigval box) {
  struct ticking *ticking = box.sival_ptr;
  pthread_mutex_lock(&lock);
  int ended = ticking->ended;
  ticking->running += !ended;
  pthread_mutex_unlock(&lock);
  if (ended) return;
  ticking->function(ticking->value);
  pthread_mutex_lock(&lock);
  ticking->running--;
  pthread_mutex_unlock(&lock);
}

static void end_ticking(struct ticking *ticking) {
  for (int running = ticking != NULL; running;) {
    pthread_mutex_lock(&lock);
    ticking->ended = 1, running = ticking->running;
    pthread_mutex_unlock(&lock);
    if (running) nanosleep(&(struct timespec){0, 1000000}, NULL);
  }
}

static int make_timer(clockid_t clock, struct sigevent *event, timer_t *timer) {
  struct coexist_container_record *container = coexist_container_around(CALLER);
  if (container == NULL) return coexist_timer_create(clock, event, timer, CALLER);
  struct ticking *ticking = NULL;
  struct sigevent own;
  if (event != NULL && event->sigev_notify == SIGEV_THREAD &&
      (ticking = calloc(1, sizeof *ticking)) != NULL) {
    own = *event, event = &own;
    ticking->function = own.sigev_notify_function, ticking->value = own.sigev_value;
    own.sigev_notify_function = tick, own.sigev_value.sival_ptr = ticking;
  }
  int result = coexist_timer_create(clock, event, timer, CALLER);
  struct record *record = result != 0 ? NULL : add(container, TIMER);
  if (record != NULL) record->object = (void *)((uintptr_t)*timer + 1), record->ticking = ticking;
  return result;
}

static int delete_timer(timer_t timer) {
  struct record *record = take(0, TIMER, (void *)((uintptr_t)timer + 1), 0);
  if (record != NULL) count_less(record);
  free(record);
  return timer_delete(timer);
}

static void run_exit(int status, void *box) {
  struct record *record = take(0, EXIT, box, 0);
  void *argument = *(void **)box;
  if (record != NULL) record->at_exit(status, argument);
  free(record);
}

static int at_exit(void (*function)(int, void *), void *argument) {
  struct coexist_container_record *container = coexist_container_around((uint64_t)function);
  void **box = container == NULL ? NULL : malloc(sizeof *box);
  struct record *record = box == NULL ? NULL : add(container, EXIT);
  if (record == NULL) return free(box), on_exit(function, argument);
  *box = argument;
  record->at_exit = function, record->object = box;
  return on_exit(run_exit, box);
}

// glibc calls it in each new namespace's libc (elf/dl-call-libc-early-init.c); ours is at work.
static void early_init(_Bool initial) { (void)initial; }

#define INSIDE(name, ours) {name, (uint64_t)(ours)}
const struct coexist_substitute coexist_substitutes[] = {
    INSIDE("__libc_early_init", early_init),
    INSIDE("__cxa_thread_atexit_impl", thread_atexit),
    INSIDE("pthread_key_create", key_create),
    INSIDE("__pthread_key_create", key_create),
    INSIDE("tss_create", key_create),
    INSIDE("pthread_key_delete", key_delete),
    INSIDE("tss_delete", key_delete),
    INSIDE("timer_create", make_timer),
    INSIDE("timer_delete", delete_timer),
    INSIDE("on_exit", at_exit),
    INSIDE("__tls_get_addr", coexist_tls_get_addr_inside),
};
const unsigned coexist_substitutes_count =
    sizeof coexist_substitutes / sizeof coexist_substitutes[0] - 1;

// Newest first, as at the thread's end.
void coexist_calls_finish_thread(uint64_t id) {
  struct record *record;
  while ((record = take(id, DESTRUCTOR, NULL, coexist_gettid())) != NULL) {
    record->destructor(*(void **)record->object);  // the box stays: libc still holds it
    count_less(record);
    free(record);
  }
}

// Before the code goes; a function that is running ends first.
void coexist_calls_end_timers(uint64_t id) {
  struct record *record;
  while ((record = take(id, TIMER, NULL, 0)) != NULL) {
    timer_delete((timer_t)((uintptr_t)record->object - 1));
    end_ticking(record->ticking);
    free(record);
  }
}

void coexist_calls_forget(uint64_t id) {
  struct record *record;
  while ((record = take(id, KEY, NULL, 0)) != NULL) {
    pthread_key_delete((pthread_key_t)((uintptr_t)record->object - 1));
    free(record);
  }
  while ((record = take(id, EXIT, NULL, 0)) != NULL) free(record);
}
