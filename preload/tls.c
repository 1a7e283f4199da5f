// Keys and destructors of threads: a guest's belong to the context that runs. __tls_get_addr is in
// arch/x86_64/tls_get_addr.S.
#include "preload.h"

#include <threads.h>

#include "start.h"

static uint64_t sp(void) { return (uint64_t)__builtin_frame_address(0); }

// Contexts exist, so the answer may not be libc's.
static inline int in_use(void) { return __atomic_load_n(&coexist_tls_active, __ATOMIC_RELAXED); }

int coexist_key_create(pthread_key_t *key, void (*destructor)(void *), uint64_t caller) {
  int active = coexist_ready();
  int error = coexist_real.pthread_key_create(key, destructor);
  if (active && error == 0) coexist_core_key_made(*key, destructor, (uint64_t)key, caller);
  return error;
}
static int delete(pthread_key_t key) {
  if (coexist_ready()) coexist_core_key_deleted(key);
  return coexist_real.pthread_key_delete(key);
}
static void *get(pthread_key_t key) {
  void *value;
  if (UNLIKELY(in_use()) && coexist_core_key_get(key, sp(), &value)) return value;
  if (UNLIKELY(coexist_real.pthread_getspecific == 0)) coexist_resolve();
  return coexist_real.pthread_getspecific(key);
}
static int set(pthread_key_t key, const void *value) {
  if (UNLIKELY(in_use()) && coexist_core_key_set(key, sp(), value)) return 0;
  if (UNLIKELY(coexist_real.pthread_setspecific == 0)) coexist_resolve();
  return coexist_real.pthread_setspecific(key, value);
}

EXPORT int pthread_key_create(pthread_key_t *k, void (*f)(void *)) {
  return coexist_key_create(k, f, CALLER);
}
EXPORT int __pthread_key_create(pthread_key_t *k, void (*f)(void *)) {
  return coexist_key_create(k, f, CALLER);
}
EXPORT int pthread_key_delete(pthread_key_t key) { return delete(key); }
EXPORT void *pthread_getspecific(pthread_key_t key) { return get(key); }
EXPORT void *__pthread_getspecific(pthread_key_t key) { return get(key); }
EXPORT int pthread_setspecific(pthread_key_t key, const void *value) {
  int error = set(key, value);
  // What it would have remembered is to give a reader's slot back at the thread's end.
  return UNLIKELY(error != 0) && coexist_rcu_asks(CALLER) ? 0 : error;
}
EXPORT int __pthread_setspecific(pthread_key_t key, const void *value) { return set(key, value); }

// C11's are the same keys under other names (glibc nptl/tss_create.c).
EXPORT int tss_create(tss_t *key, tss_dtor_t destructor) {
  int error = coexist_key_create(key, destructor, CALLER);
  return error == 0 ? thrd_success : error == ENOMEM ? thrd_nomem : thrd_error;
}
EXPORT void tss_delete(tss_t key) { delete(key); }
EXPORT void *tss_get(tss_t key) { return get(key); }
EXPORT int tss_set(tss_t key, void *value) {
  return set(key, value) == 0 ? thrd_success : thrd_error;
}

EXPORT int __cxa_thread_atexit_impl(void (*function)(void *), void *object, void *dso) {
  if (UNLIKELY(!coexist_ready()))
    return coexist_real.__cxa_thread_atexit_impl(function, object, dso);
  if (UNLIKELY(in_use()) && coexist_core_thread_atexit(function, object, dso, sp())) return 0;
  return coexist_real.__cxa_thread_atexit_impl(function, object, dso);
}
