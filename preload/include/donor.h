// Calls with the FS base of a parked thread (donor.c).
#pragma once

#include "preload.h"

#include <ccoexist/donor.h>
#include <pthread.h>
#include <signal.h>

int coexist_donor_call(struct coexist_context *context, size_t stack_size,
                       void *(*function)(void *), void *argument, void **value);
// EBUSY: somebody is inside. What guests left on the parked thread ends with it.
int coexist_donor_end(struct coexist_context *context);
// The donor of this pthread_t, NULL = it is an ordinary thread's.
static inline struct coexist_donor *coexist_donor_of(pthread_t id) {
  return UNLIKELY(__atomic_load_n(&coexist_donors, __ATOMIC_ACQUIRE) != 0)
             ? coexist_core_donor_named(id)
             : 0;
}

// libc's functions that tell the kernel about the calling thread need the thread's own base:
// between own and lent. lent keeps errno, which each base has its own of.
struct coexist_donor *coexist_base_own(void);
void coexist_base_lent(struct coexist_donor *donor);

// Around fork(2): the child has this thread only, and keeps what its contexts have.
struct coexist_fork {
  struct coexist_donor *donor;
  void **keys;  // room for COEXIST_TLS_KEYS_MAX, where the base is a donor's
};
#define COEXIST_FORK                                                                      \
  {NULL, coexist_donor_loaded() == NULL                                                   \
             ? NULL                                                                       \
             : (void **)__builtin_alloca(COEXIST_TLS_KEYS_MAX * sizeof(void *))}
void coexist_fork_begins(struct coexist_fork *fork);
void coexist_fork_ends(struct coexist_fork *fork, pid_t pid);
