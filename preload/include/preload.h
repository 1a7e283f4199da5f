// What every file of preload/ needs, and nothing more.
#pragma once

#include <ccoexist/entry.h>
#include <ccoexist/real.h>
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

// rt_sigprocmask(2) as the caller's runtime sees it (mask.c). Returns 0 or a positive errno value.
int coexist_change_mask(int how, const sigset_t *set, sigset_t *old, uint64_t caller);

extern int (*coexist_real_sigsetjmp)(struct __jmp_buf_tag *, int);  // for jump.S

// Calls fn(a, b, c) so that it takes `gadget` (a `ret` in the caller's own code) for its caller:
// libc decides RUNPATH, $ORIGIN, RTLD_NEXT and the namespace by that address.
uint64_t coexist_call_as(void *fn, uint64_t a, uint64_t b, uint64_t c, uint64_t gadget);
