// Signal masks: what a runtime blocks, as it reads it back; what others need stays open (core:
// Signals/MaskCalls). Sets are words here: libc's are longer than the kernel's 64 bits.
#include "preload.h"

#include <string.h>

// POSIX forbids blocking what libc keeps for itself; its own functions leave those bits out.
static int change(int how, const sigset_t *set, sigset_t *old, uint64_t caller) {
  uint64_t wanted = 0, before = 0;
  if (set != NULL) memcpy(&wanted, set, sizeof wanted);
  int error = coexist_core_mask(how, set != NULL ? &wanted : NULL, old != NULL ? &before : NULL,
                                caller);
  // As the kernel: eight bytes, however long libc's type is. SBCL gives room for no more.
  if (error == 0 && old != NULL) memcpy(old, &before, sizeof before);
  return error;
}

EXPORT int pthread_sigmask(int how, const sigset_t *set, sigset_t *old) {
  if (UNLIKELY(!coexist_ready())) return coexist_real.pthread_sigmask(how, set, old);
  return change(how, set, old, CALLER);
}
EXPORT int sigprocmask(int how, const sigset_t *set, sigset_t *old) {
  if (UNLIKELY(!coexist_ready())) return coexist_real.sigprocmask(how, set, old);
  int error = change(how, set, old, CALLER);
  if (error == 0) return 0;
  errno = error;
  return -1;
}

// glibc signal/sighold.c, sigrelse.c: one signal more or less.
static int one(int how, int signal, uint64_t caller) {
  sigset_t set;
  sigemptyset(&set);
  if (sigaddset(&set, signal) < 0) return -1;
  int error = coexist_ready() ? change(how, &set, NULL, caller)
                              : coexist_real.pthread_sigmask(how, &set, NULL);
  if (error == 0) return 0;
  errno = error;
  return -1;
}
EXPORT int sighold(int signal) { return one(SIG_BLOCK, signal, CALLER); }
EXPORT int sigrelse(int signal) { return one(SIG_UNBLOCK, signal, CALLER); }
