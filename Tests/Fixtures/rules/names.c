// Every name under which a handler can be set is virtual, however its address was found: by
// dlsym or dlvsym, from RTLD_DEFAULT, RTLD_NEXT or libc's own handle.
// library: setter = guests/setter.c
// library: alpha = guests/guest.c
// run: sigaction
// run: __sigaction
// run: signal
// run: ssignal
// run: bsd_signal
// run: sysv_signal
// run: __sysv_signal
// run: sigset
// run: sigvec versioned
// times: 5
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

void *setter_set(const char *name, int place, int versioned);
void setter_poke(void), setter_reset(void);
extern int setter_calls;

int main(int count, char **arguments) {
  struct guest *a = alpha();
  a->install(SIGSEGV, SA_SIGINFO);
  for (int place = 0; place < 3; place++)
    for (int versioned = count > 2; versioned < 2; versioned++) {
      int before = setter_calls, asked = a->asked;
      void *old = setter_set(arguments[1], place, versioned);
      CHECK_EQ(old, SIG_DFL);
      CHECK_EQ(a->query(SIGSEGV).sa_sigaction, a->handler);
      setter_poke();
      CHECK_EQ(setter_calls, before + 1);
      a->poke(NOWHERE);
      CHECK_EQ(a->asked, asked + 1);
      setter_reset();
    }
}
