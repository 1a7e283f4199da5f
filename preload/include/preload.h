// What every file of preload/ needs, and nothing more.
#pragma once

#include <ccoexist/entry.h>
#include <ccoexist/real.h>
#include <ccoexist/unwind.h>
#include <errno.h>
#include <setjmp.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define CALLER ((uint64_t)__builtin_return_address(0))

// Fills coexist_real; other libraries' constructors may call us before our own runs.
void coexist_resolve(void);

// 1 when the core is at work: not switched off, and started.
extern int coexist_active;

static inline int coexist_ready(void) {
  if (UNLIKELY(coexist_real.sigaction == 0)) coexist_resolve();
  return coexist_active;
}

// Of a number that the caller says, the kernel's, and the other way round (core: Signals/Numbers).
static inline int coexist_number(int signal, uint64_t caller) {
  if (!UNLIKELY(__atomic_load_n(coexist_word(COEXIST_WORD_EXCHANGED), __ATOMIC_RELAXED) != 0))
    return signal;
  return coexist_core_number(signal, caller);
}
// For what the kernel is asked to send; 1 = it is another number than the caller's.
static inline int coexist_number_to_ask(int *signal, uint64_t caller) {
  int own = *signal;
  if (coexist_active) *signal = coexist_core_number_to_ask(own, caller);
  return *signal != own;
}

// rt_sigprocmask(2) as the caller's runtime sees it (mask.c). Returns 0 or a positive errno value.
int coexist_change_mask(int how, const sigset_t *set, sigset_t *old, uint64_t caller);

// "/proc/self/FOLDERFD" (proc.c). Signal-safe.
#define COEXIST_PROC_PATH 32
void coexist_proc_path(char path[COEXIST_PROC_PATH], const char *folder, int fd);

// timer_create(2) and pthread_key_create(3) for a container, which has asked from this address.
int coexist_timer_create(clockid_t clock, struct sigevent *event, timer_t *id, uint64_t caller);
int coexist_key_create(pthread_key_t *key, void (*destructor)(void *), uint64_t caller);

extern int (*coexist_real_sigsetjmp)(struct __jmp_buf_tag *, int);  // for jump.S

// Calls fn(a, b, c) so that it takes `gadget` (a `ret` in the caller's own code) for its caller:
// libc decides RUNPATH, $ORIGIN, RTLD_NEXT and the namespace by that address.
uint64_t coexist_call_as(void *fn, uint64_t a, uint64_t b, uint64_t c, uint64_t gadget);
