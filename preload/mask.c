// Signal masks: what a runtime blocks, as it reads it back; what others need stays open (core:
// Signals/MaskCalls). Sets are words here: libc's are longer than the kernel's 64 bits.
#include "preload.h"

#include <string.h>

// POSIX forbids blocking what libc keeps for itself; its own functions leave those bits out.
int coexist_change_mask(int how, const sigset_t *set, sigset_t *old, uint64_t caller) {
  if (UNLIKELY(!coexist_ready())) return coexist_real.pthread_sigmask(how, set, old);
  uint64_t wanted = 0, before = 0;
  if (set != NULL) memcpy(&wanted, set, sizeof wanted);
  int error = coexist_core_mask(how, set != NULL ? &wanted : NULL, old != NULL ? &before : NULL,
                                caller);
  // As the kernel: eight bytes, however long libc's type is. SBCL gives room for no more.
  if (error == 0 && old != NULL) memcpy(old, &before, sizeof before);
  return error;
}

EXPORT int pthread_sigmask(int how, const sigset_t *set, sigset_t *old) {
  return coexist_change_mask(how, set, old, CALLER);
}
EXPORT int sigprocmask(int how, const sigset_t *set, sigset_t *old) {
  int error = coexist_change_mask(how, set, old, CALLER);
  if (error == 0) return 0;
  errno = error;
  return -1;
}

// glibc signal/sighold.c, sigrelse.c: one signal more or less.
static int one(int how, int signal, uint64_t caller) {
  sigset_t set;
  sigemptyset(&set);
  if (sigaddset(&set, signal) < 0) return -1;
  int error = coexist_change_mask(how, &set, NULL, caller);
  if (error == 0) return 0;
  errno = error;
  return -1;
}
EXPORT int sighold(int signal) { return one(SIG_BLOCK, signal, CALLER); }
EXPORT int sigrelse(int signal) { return one(SIG_UNBLOCK, signal, CALLER); }

// The interface of 4.2BSD: the first 32 signals in an int (glibc signal/sigblock.c, sigsetmask.c,
// sigget.c).
static int first32(int how, int mask, uint64_t caller) {
  sigset_t set, old;
  uint64_t word = (uint32_t)mask;
  sigemptyset(&set), sigemptyset(&old);
  memcpy(&set, &word, sizeof word);
  int error = coexist_change_mask(how, &set, &old, caller);
  if (error != 0) {
    errno = error;
    return -1;
  }
  memcpy(&word, &old, sizeof word);
  return (int)(uint32_t)word;
}
EXPORT int sigblock(int mask) { return first32(SIG_BLOCK, mask, CALLER); }
EXPORT int sigsetmask(int mask) { return first32(SIG_SETMASK, mask, CALLER); }
EXPORT int siggetmask(void) { return first32(SIG_BLOCK, 0, CALLER); }
