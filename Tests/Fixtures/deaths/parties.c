// HOW [ANSWER ANSWER]: dies of a fault (support/deaths.h). Without answers as a bare program with
// no handler, with two answers beside two runtimes that decline in these ways. CrashTests compares
// the deaths: signal, siginfo, registers and core must be the same.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <sys/resource.h>
#include "guests/guest.h"
#include "support/deaths.h"

int main(int count, char **arguments) {
  CHECK(count >= 2);
  struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
  if (getenv("WITH_CORE")) CHECK_EQ(setrlimit(RLIMIT_CORE, &unlimited), 0);
  int number = signal_of(arguments[1]);
  if (count == 4) {
    alpha()->install(number, SA_SIGINFO);
    beta()->install(number, SA_SIGINFO | SA_NODEFER | SA_ONSTACK);
    alpha()->answer = answer_named(arguments[2]);
    beta()->answer = answer_named(arguments[3]);
  }
  die_by(arguments[1]);
}
