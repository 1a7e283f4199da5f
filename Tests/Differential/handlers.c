#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "differential.h"

static void report(int number, int signal, const siginfo_t *info, const ucontext_t *context) {
  char here;
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, NULL, &mask);
  int on_altstack = &here >= self->altstack && &here < self->altstack + ALTSTACK;
  trace("handler %d of %d, mask %lx", number, signal, word_of(&mask));
  if (info == NULL) return;
  int is_own = info->si_code <= 0 && info->si_code != SI_TIMER && info->si_pid == getpid();
  int has_value = info->si_code == SI_QUEUE || info->si_code == SI_TIMER;
  trace("code %d%s value %d, on %s, interrupted mask %lx, stack %s", info->si_code,
        is_own ? " own" : "", has_value ? info->si_int : 0,
        careful ? "a stack" : on_altstack ? "alternate stack" : "its stack",
        word_of(&context->uc_sigmask),
        // Where the program has none, coexist has one of its own (Limitations).
        context->uc_stack.ss_sp == self->altstack ? "mine" : "none");
}

// What a handler does besides.
static void act(int signal, ucontext_t *context) {
  if (self->nesting > MOST_NESTING) return;
  // In company a second signal, which comes before the call has begun again, ends it (Limitations).
  if (careful && self->reads) return;
  switch (chance(12)) {
    case 0: return step_mask();
    case 1: return step_action();
    case 2:
      if (context != NULL && one_in(2)) sigaddset(&context->uc_sigmask, random_signal());
      if (context != NULL && one_in(2)) sigdelset(&context->uc_sigmask, random_signal());
      return;
    case 3:
      if (may_send(signal)) send_to_itself(signal);
      return;
    case 4: {
      int other = random_signal();
      if (may_send(other)) send_to_itself(other);
      return;
    }
    case 5:
      // Out of handlers that interrupted a handler, too.
      if (!self->may_jump) return;
      trace("jumps");
      self->nesting = 0;
      siglongjmp(self->home, 1);
  }
}

static void handle(int number, int signal, siginfo_t *info, ucontext_t *context) {
  self->arrived++;
  self->nesting++;
  report(number, signal, info, context);
  int is_fault = info != NULL && (signal == SIGSEGV || signal == SIGFPE) && info->si_code > 0;
  if (is_fault) {
    trace("address %d", signal == SIGSEGV && info->si_addr == NOWHERE);
    context->uc_mcontext.gregs[REG_RIP] += context->uc_mcontext.gregs[REG_R11];
  }
  act(signal, context);
  trace("ends");
  self->nesting--;
}

static void with_info0(int s, siginfo_t *i, void *c) { handle(0, s, i, c); }
static void with_info1(int s, siginfo_t *i, void *c) { handle(1, s, i, c); }
static void plain2(int s) { handle(2, s, NULL, NULL); }
static void plain3(int s) { handle(3, s, NULL, NULL); }

void install_handler(struct sigaction *action, int number) {
  if (number == 0) action->sa_sigaction = with_info0;
  if (number == 1) action->sa_sigaction = with_info1;
  if (number == 2) action->sa_handler = plain2;
  if (number == 3) action->sa_handler = plain3;
  action->sa_flags = number < 2 ? action->sa_flags | SA_SIGINFO : action->sa_flags & ~SA_SIGINFO;
}
const char *handler_name(const struct sigaction *action) {
  if (action->sa_handler == SIG_DFL) return "default";
  if (action->sa_handler == SIG_IGN) return "ignore";
  if (action->sa_handler == SIG_HOLD) return "hold";
  if (action->sa_sigaction == with_info0) return "handler 0";
  if (action->sa_sigaction == with_info1) return "handler 1";
  if (action->sa_handler == plain2) return "handler 2";
  if (action->sa_handler == plain3) return "handler 3";
  return "a stranger";
}
