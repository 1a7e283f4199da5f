// The three functions that HotSpot looks for with dlsym(RTLD_DEFAULT) exist, and what is installed
// between begin and end is installed (openjdk src/java.base/unix/native/libjsig/jsig.c).
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <dlfcn.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  void (*begin)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "JVM_begin_signal_setting");
  void (*end)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "JVM_end_signal_setting");
  struct sigaction *(*get)(int) =
      (struct sigaction * (*)(int)) dlsym(RTLD_DEFAULT, "JVM_get_signal_action");
  CHECK(begin && end && get);
  beta()->install(SIGSEGV, SA_SIGINFO);
  begin();
  alpha()->install(SIGSEGV, SA_SIGINFO);
  CHECK_EQ(alpha()->query(SIGSEGV).sa_sigaction, alpha()->handler);
  end();
  get(SIGSEGV);
  alpha()->poke(NOWHERE);
  beta()->poke(NOWHERE);
  CHECK_EQ(alpha()->asked, 1);
  CHECK_EQ(beta()->asked, 1);
}
