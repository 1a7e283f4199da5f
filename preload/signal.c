// sigaction(2), signal(2) and their relatives. glibc's own versions call each other through hidden
// names, which no preload can see; so each is built here on ours (glibc signal/, sysdeps/posix/).
#include "preload.h"

#include <string.h>

static int change(int signal, const struct sigaction *act, struct sigaction *old, uint64_t caller) {
  if (UNLIKELY(!coexist_ready())) return coexist_real.sigaction(signal, act, old);
  return coexist_core_sigaction(signal, act, old, caller);
}

EXPORT int sigaction(int signal, const struct sigaction *act, struct sigaction *old) {
  return change(signal, act, old, CALLER);
}
// Erlang's sigaction stands in front of everybody's, adds SA_ONSTACK and goes on to this name
// (erlang/otp erts/emulator/sys/unix/sys_signal_stack.c): who asks is its caller.
EXPORT int __sigaction(int signal, const struct sigaction *act, struct sigaction *old) {
  return change(signal, act, old, coexist_caller_past(COEXIST_CALLER_FRAME, "sigaction"));
}

// Signals that siginterrupt(3) asked to interrupt system calls: what signal(2) then leaves out.
static uint64_t interrupting;

static uint64_t bit(int signal) { return signal < 1 || signal > 64 ? 0 : 1ull << (signal - 1); }

static __sighandler_t simple(int signal, __sighandler_t handler, int flags, int masks_itself,
                             uint64_t caller) {
  if (handler == SIG_ERR || bit(signal) == 0) {
    errno = EINVAL;
    return SIG_ERR;
  }
  struct sigaction act = {.sa_handler = handler, .sa_flags = flags}, old;
  if (masks_itself) sigaddset(&act.sa_mask, signal);
  return change(signal, &act, &old, caller) < 0 ? SIG_ERR : old.sa_handler;
}
static __sighandler_t bsd(int signal, __sighandler_t handler, uint64_t caller) {
  uint64_t interrupts = __atomic_load_n(&interrupting, __ATOMIC_RELAXED) & bit(signal);
  return simple(signal, handler, interrupts ? 0 : SA_RESTART, 1, caller);
}
static __sighandler_t sysv(int signal, __sighandler_t handler, uint64_t caller) {
  return simple(signal, handler, SA_RESETHAND | SA_NODEFER, 0, caller);
}

EXPORT __sighandler_t signal(int s, __sighandler_t h) { return bsd(s, h, CALLER); }
EXPORT __sighandler_t ssignal(int s, __sighandler_t h) { return bsd(s, h, CALLER); }
EXPORT __sighandler_t bsd_signal(int s, __sighandler_t h) { return bsd(s, h, CALLER); }
EXPORT __sighandler_t sysv_signal(int s, __sighandler_t h) { return sysv(s, h, CALLER); }
EXPORT __sighandler_t __sysv_signal(int s, __sighandler_t h) { return sysv(s, h, CALLER); }

// glibc signal/sigset.c: SIG_HOLD blocks; else the disposition changes and the signal is unblocked.
EXPORT __sighandler_t sigset(int s, __sighandler_t handler) {
  uint64_t caller = CALLER;
  sigset_t set, before;
  sigemptyset(&set);
  if (sigaddset(&set, s) < 0) return SIG_ERR;
  struct sigaction old;
  if (handler == SIG_HOLD) {
    if (coexist_change_mask(SIG_BLOCK, &set, &before, caller) != 0) return SIG_ERR;
    if (sigismember(&before, s)) return SIG_HOLD;
    return change(s, NULL, &old, caller) < 0 ? SIG_ERR : old.sa_handler;
  }
  struct sigaction act = {.sa_handler = handler};
  if (change(s, &act, &old, caller) < 0) return SIG_ERR;
  if (coexist_change_mask(SIG_UNBLOCK, &set, &before, caller) != 0) return SIG_ERR;
  return sigismember(&before, s) ? SIG_HOLD : old.sa_handler;
}

EXPORT int sigignore(int s) {
  struct sigaction act = {.sa_handler = SIG_IGN};
  return change(s, &act, NULL, CALLER);
}

// glibc signal/siginterrupt.c: remembers the wish and rewrites the present action's SA_RESTART.
EXPORT int siginterrupt(int s, int interrupts) {
  uint64_t caller = CALLER;
  struct sigaction act;
  if (change(s, NULL, &act, caller) < 0) return -1;
  if (interrupts) {
    __atomic_fetch_or(&interrupting, bit(s), __ATOMIC_RELAXED);
    act.sa_flags &= ~SA_RESTART;
  } else {
    __atomic_fetch_and(&interrupting, ~bit(s), __ATOMIC_RELAXED);
    act.sa_flags |= SA_RESTART;
  }
  return change(s, &act, NULL, caller);
}

// The BSD interface that only programs linked long ago still reach (sigvec@GLIBC_2.2.5). Its flags
// are glibc's: SV_ONSTACK 1, SV_INTERRUPT 2, SV_RESETHAND 4 (glibc signal/sigvec.c).
struct sigvec {
  __sighandler_t sv_handler;
  int sv_mask, sv_flags;
};
EXPORT int sigvec(int s, const struct sigvec *vec, struct sigvec *old_vec) {
  struct sigaction act = {0}, old;
  if (vec != NULL) {
    act.sa_handler = vec->sv_handler;
    for (int i = 1; i <= 32; i++)
      if (vec->sv_mask & (int)(1u << (i - 1))) sigaddset(&act.sa_mask, i);
    act.sa_flags = (vec->sv_flags & 1 ? SA_ONSTACK : 0) | (vec->sv_flags & 2 ? 0 : SA_RESTART) |
                   (vec->sv_flags & 4 ? (int)SA_RESETHAND : 0);
  }
  if (change(s, vec != NULL ? &act : NULL, &old, CALLER) < 0) return -1;
  if (old_vec != NULL) {
    unsigned mask = 0;
    for (int i = 1; i <= 32; i++)
      if (sigismember(&old.sa_mask, i)) mask |= 1u << (i - 1);
    *old_vec = (struct sigvec){old.sa_handler, (int)mask,
                               (old.sa_flags & SA_ONSTACK ? 1 : 0) |
                                   (old.sa_flags & SA_RESTART ? 0 : 2) |
                                   (old.sa_flags & (int)SA_RESETHAND ? 4 : 0)};
  }
  return 0;
}
