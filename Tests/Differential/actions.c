// sigaction and its relatives, alternate stacks, faults.
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>

#include "differential.h"

int careful;

int is_wanted(int signal) {
  struct sigaction now;
  return sigaction(signal, NULL, &now) == 0 && now.sa_handler != SIG_DFL;
}

// What nobody waits for ends most programs: seldom.
// Several fault signals that were sent and wait come in another order in company (Limitations).
int may_send(int signal) {
  if (careful && is_fault(signal)) return 0;
  return is_wanted(signal) || (!careful && one_in(20));
}

// A signal that waits is dropped when it is ignored, and when it is sent to one of several threads;
// not where another party has a handler.
int may_ignore(int signal) {
  sigset_t pending;
  sigpending(&pending);
  return !careful || (most_threads == 1 && !is_fault(signal) && !sigismember(&pending, signal));
}

static void say(const char *call, int signal, int result, const struct sigaction *old) {
  if (result < 0) return trace("%s(%d): error %d", call, signal, errno);
  trace("%s(%d): was %s, flags %x, mask %lx", call, signal, handler_name(old),
        (unsigned)old->sa_flags, word_of(&old->sa_mask));
}
static void say_simple(const char *call, int signal, __sighandler_t old) {
  if (old == SIG_ERR) return trace("%s(%d): error %d", call, signal, errno);
  trace("%s(%d): was %s", call, signal, handler_name(&(struct sigaction){.sa_handler = old}));
}

static struct sigaction random_action(int signal) {
  static const int flags[] = {SA_NODEFER, SA_RESTART, SA_ONSTACK, SA_NOCLDSTOP, SA_NOCLDWAIT,
                              0x400,  // SA_UNSUPPORTED, which the kernel takes away
                              (int)SA_RESETHAND};
  struct sigaction action = {.sa_mask = random_set()};
  for (int n = (int)chance(3); n > 0; n--) action.sa_flags |= flags[chance(careful ? 6 : 7)];
  uint32_t which = chance(8);
  if (!may_ignore(signal)) which = 7;
  if (which == 0) action.sa_handler = SIG_IGN;
  if (which == 1 && !careful) action.sa_handler = SIG_DFL;
  if (which > 1 || (which == 1 && careful)) install_handler(&action, (int)chance(HANDLERS));
  return action;
}

static void set_simply(int s) {
  struct sigaction action = {0};
  install_handler(&action, 2 + (int)chance(2));
  __sighandler_t handler = one_in(6) && may_ignore(s) ? SIG_IGN : action.sa_handler;
  switch (chance(careful ? 4 : 7)) {
    case 0: return say_simple("signal", s, signal(s, handler));
    case 1: return say_simple("ssignal", s, ssignal(s, handler));
    case 2: return say_simple("sigset", s, sigset(s, one_in(4) ? SIG_HOLD : handler));
    case 3:
      if (!may_ignore(s) && !one_in(4)) return;
      return trace("siginterrupt(%d): %d", s, siginterrupt(s, (int)chance(2)));
    case 4: return say_simple("sysv_signal", s, sysv_signal(s, handler));
    case 5: return trace("sigignore(%d): %d", s, sigignore(s));
    case 6: return say_simple("signal", s, signal(s, SIG_DFL));
  }
}

void step_action(void) {
  int s = one_in(30) ? (int)chance(70) - 2 : random_signal();
  if (one_in(4)) {
    struct sigaction old;
    return say("query", s, sigaction(s, NULL, &old), &old);
  }
  if (s == 32 || s == 33) return;  // libc's own
  if (one_in(4)) return set_simply(s);
  struct sigaction new = random_action(s), old = {0};
  if (s == SIGCHLD && careful) new.sa_flags &= ~SA_NOCLDWAIT;
  say("sigaction", s, sigaction(s, &new, one_in(10) ? NULL : &old), &old);
}

void step_stack(void) {
  stack_t new = {.ss_sp = self->altstack, .ss_size = ALTSTACK}, old;
  switch (chance(6)) {
    case 0: new.ss_flags = SS_DISABLE; break;
    case 1: new.ss_size = 1000; break;  // too small
    case 2: new.ss_flags = 42; break;   // no such flag
  }
  int query = one_in(4);
  int result = sigaltstack(query ? NULL : &new, &old);
  if (result < 0) return trace("sigaltstack: error %d", errno);
  trace("sigaltstack: was %s, %d, %zu", old.ss_sp == self->altstack ? "mine" : "another",
        old.ss_flags, old.ss_flags & SS_DISABLE ? 0 : old.ss_size);
}

// r11 says how far the handler skips.
void step_fault(void) {
  struct sigaction now;
  int s = one_in(3) ? SIGFPE : SIGSEGV;
  if (sigaction(s, NULL, &now) < 0 || !(now.sa_flags & SA_SIGINFO)) return;
  if (now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN) return;
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, NULL, &mask);
  if (careful && sigismember(&mask, s)) return;  // coexist keeps faults open
  trace("fault %d", s);
  if (s == SIGSEGV)
    __asm__ volatile("mov $2f-1f, %%r11d\n1: movb $1, (%0)\n2:" ::"r"(NOWHERE) : "r11", "memory");
  else
    __asm__ volatile("mov $2f-1f, %%r11d\n1: divl %0\n2:" ::"r"(0), "a"(1), "d"(0) : "r11", "cc");
  trace("went on");
}
