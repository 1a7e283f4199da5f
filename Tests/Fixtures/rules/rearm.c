// Handlers that change their own action while they run and handle the fault: System V style
// re-arming, another function from now on, the last time now. What they asked for holds.
// library: alpha = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static int first, second;

static void two(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  second++;
  if (second == 3) CHECK(signal(SIGSEGV, SIG_DFL) != SIG_ERR);
  REGISTER(c, RIP) += POKE_SIZE;
}

static void one(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  struct sigaction now, new = action(one, SA_SIGINFO | SA_RESETHAND);
  CHECK_EQ(sigaction(SIGSEGV, 0, &now), 0);
  CHECK_EQ(now.sa_handler, SIG_DFL);
  first++;
  if (first == 100) new = action(two, SA_SIGINFO);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  REGISTER(c, RIP) += POKE_SIZE;
}

int main(void) {
  struct guest *a = alpha();
  a->install(SIGSEGV, SA_SIGINFO);
  struct sigaction new = action(one, SA_SIGINFO | SA_RESETHAND), now;
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  for (int n = 1; n <= 100; n++) {
    poke(NOWHERE);
    CHECK_EQ(first, n);
  }
  CHECK_EQ(sigaction(SIGSEGV, 0, &now), 0);
  CHECK_EQ(now.sa_sigaction, two);
  for (int n = 0; n < 3; n++) poke(NOWHERE);
  CHECK_EQ(second, 3);
  CHECK_EQ(a->asked, 0);
  CHECK_EQ(sigaction(SIGSEGV, 0, &now), 0);
  CHECK_EQ(now.sa_handler, SIG_DFL);
  poke(NOWHERE);
  CHECK_EQ(a->asked, 1);
}
