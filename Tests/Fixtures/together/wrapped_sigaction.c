// The program has a sigaction of its own, in front of everybody's, which goes on to __sigaction
// (Erlang's): who has asked is still told apart, by who called it.
// flags: -rdynamic
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <dlfcn.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static int calls;

int sigaction(int signal, const struct sigaction *act, struct sigaction *old) {
  int (*next)(int, const struct sigaction *, struct sigaction *) =
      (int (*)(int, const struct sigaction *, struct sigaction *))dlsym(RTLD_NEXT, "__sigaction");
  struct sigaction more;
  if (act != NULL) more = *act, more.sa_flags |= SA_ONSTACK;
  calls++;
  return next(signal, act != NULL ? &more : NULL, old);
}

static void handler(int number) { (void)number; }

int main(void) {
  struct guest *a = alpha(), *b = beta();
  struct sigaction mine = {.sa_handler = handler}, now;
  CHECK_EQ(sigaction(SIGSEGV, &mine, NULL), 0);
  a->install(SIGSEGV, SA_SIGINFO);
  b->install(SIGSEGV, SA_SIGINFO);
  CHECK_EQ(calls, 3);
  for (int n = 1; n <= 10; n++) {
    a->poke(NOWHERE);
    b->poke(NOWHERE);
    CHECK_EQ(a->asked, n);
    CHECK_EQ(b->asked, n);
  }
  CHECK_EQ(sigaction(SIGSEGV, NULL, &now), 0);
  CHECK_EQ(now.sa_handler, handler);
  CHECK_EQ(a->found.sa_handler, SIG_DFL);
}
