// pthread_create(3), thrd_create: each thread gets a record and an alternate stack of ours before
// its first instruction, so that no handler ever has to make one.
#include "preload.h"

#include <ccoexist/elf.h>
#include <limits.h>
#include <threads.h>

#include "container.h"
#include "donor.h"
#include "start.h"

static pthread_key_t exit_key;
static int exit_key_made;

// Other libraries' destructors may still call sigaltstack: come again until they are through. Each
// round costs the thread more than all else that we do for it (nptl/nptl_deallocate_tsd.c).
static void leaving(void *argument) {
  struct coexist_thread *thread = argument;
  if (++thread->exit_rounds < PTHREAD_DESTRUCTOR_ITERATIONS && coexist_core_keys_held()) {
    coexist_real.pthread_setspecific(exit_key, thread);
    return;
  }
  coexist_container_thread_left(thread->container);
  coexist_core_thread_exited(thread);
}

void coexist_thread_key(void) {
  exit_key_made = coexist_real.pthread_key_create(&exit_key, leaving) == 0;
}

// The block that glibc made ends behind the thread descriptor, at the FS base
// (nptl/allocatestack.c);
// its usable low end is `size` below. Too small a guess only costs a relocation.
static void bounds(size_t size, uint64_t *low, uint64_t *high) {
  enum { DESCRIPTOR = 0x900, PAGE = 4096 };
  uint64_t descriptor = (uint64_t)pthread_self();
  *high = (descriptor + DESCRIPTOR + PAGE - 1) & ~(uint64_t)(PAGE - 1);
  *low = *high - size;
}

static void begin(struct coexist_thread *thread) {
  uint64_t low = thread->stack_low, high = thread->stack_high;
  if (low == 0) bounds(thread->stack_high, &low, &high);
  if (exit_key_made) coexist_real.pthread_setspecific(exit_key, thread);
  coexist_core_thread_started(thread, low, high);
  coexist_container_thread_started(thread->container);
}

static void *start(void *argument) {
  struct coexist_thread *thread = argument;
  begin(thread);
  return thread->start(thread->argument);
}

static int start_c11(void *argument) {
  struct coexist_thread *thread = argument;
  begin(thread);
  return ((thrd_start_t)(void *)thread->start)(thread->argument);
}

// The stack size that `ulimit -s` said at start: nptl/nptl_init.c.
static size_t default_size(void) {
  static size_t size;
  if (size != 0) return size;
  pthread_attr_t local;
  pthread_getattr_default_np(&local);
  pthread_attr_getstacksize(&local, &size);
  pthread_attr_destroy(&local);
  return size;
}

// The record of a thread that is about to be made; NULL = it is made as without us.
static struct coexist_thread *prepare(const pthread_attr_t *attr, void *(*function)(void *),
                                      void *argument, uint64_t caller) {
  struct coexist_thread *thread =
      coexist_ready() ? coexist_core_thread_prepare(function, argument, caller) : NULL;
  if (thread == NULL) return NULL;
  size_t size = 0;
  void *given = NULL;
  if (attr != NULL) {
    // Without a stack of the program's, libc returns 0 - size (nptl/pthread_attr_getstack.c).
    pthread_attr_getstack(attr, &given, &size);
    if ((uint64_t)given + size == 0) given = NULL;
    // Nor does that call know the default size.
    if (given == NULL) pthread_attr_getstacksize(attr, &size);
  } else {
    size = default_size();
  }
  // Of a stack of libc's only the size is known until the thread runs.
  thread->stack_low = (uint64_t)given;
  thread->stack_high = (uint64_t)given + size;
  thread->container = coexist_container_thread((uint64_t)function, caller);
  return thread;
}

static void discard(struct coexist_thread *thread) {
  coexist_container_thread_left(thread->container);
  coexist_core_thread_discard(thread);
}

int coexist_thread_make(pthread_t *id, const pthread_attr_t *attr, void *(*function)(void *),
                        void *argument, uint64_t caller) {
  struct coexist_thread *thread = prepare(attr, function, argument, caller);
  if (thread == NULL) return coexist_real.pthread_create(id, attr, function, argument);
  int error = coexist_real.pthread_create(id, attr, start, thread);
  if (error != 0) discard(thread);
  return error;
}

int coexist_add_thread(void *(*function)(void *), void *argument, void *code) {
  pthread_attr_t attributes;
  pthread_t id;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  int error = coexist_thread_make(&id, &attributes, function, argument, (uint64_t)code);
  pthread_attr_destroy(&attributes);
  return error;
}

EXPORT int pthread_create(pthread_t *id, const pthread_attr_t *attr, void *(*function)(void *),
                          void *argument) {
  return coexist_thread_make(id, attr, function, argument, CALLER);
}

// C11's: libc's own calls its pthread_create past us (nptl/thrd_create.c).
EXPORT int thrd_create(thrd_t *id, thrd_start_t function, void *argument) {
  struct coexist_thread *thread =
      prepare(NULL, (void *(*)(void *))(void *)function, argument, CALLER);
  if (thread == NULL) return coexist_real.thrd_create(id, function, argument);
  int result = coexist_real.thrd_create(id, start_c11, thread);
  if (result != thrd_success) discard(thread);
  return result;
}

// libgc's join takes a thread that it does not know for one of its own and reads through a null
// pointer (pthread_support.c). It is found anew at each call: there may be several copies.
EXPORT int GC_pthread_join(pthread_t id, void **value) {
  uint64_t real = coexist_object_defining("GC_pthread_join", CALLER, (uint64_t)GC_pthread_join);
  if (real == 0 || (coexist_ready() && coexist_core_libgc_foreign(id, real)))
    return pthread_join(id, value);
  return ((int (*)(pthread_t, void **))real)(id, value);
}

EXPORT int pthread_getattr_np(pthread_t id, pthread_attr_t *attributes) {
  int active = coexist_ready();
  int error = coexist_real.pthread_getattr_np(id, attributes);
  struct coexist_donor *donor = active && error == 0 ? coexist_donor_of(id) : NULL;
  if (donor != NULL && donor->context->low != 0) {
    uint64_t from = donor->context->low, to = donor->context->high;
    return pthread_attr_setstack(attributes, (void *)from, to - from);
  }
  if (error != 0 || !active || id != pthread_self()) return error;
  void *low = NULL;
  size_t size = 0;
  pthread_attr_getstack(attributes, &low, &size);
  uint64_t from = (uint64_t)low, to = from + size;
  coexist_core_stack_bounds((uint64_t)__builtin_frame_address(0), &from, &to);
  if (from != (uint64_t)low) pthread_attr_setstack(attributes, (void *)from, to - from);
  return 0;
}
