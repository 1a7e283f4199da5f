// Two libraries have a sigaction of their own and ask for the next one, as libjsig does where it is
// preloaded after us (openjdk src/java.base/unix/native/libjsig/jsig.c). The first gets the second,
// the second libc's: neither gets one that would call it again.
// library: first = guests/wrapper.c
// library: second = guests/wrapper.c
#include <signal.h>
#include "support/check.h"

extern int first_calls, second_calls;
static volatile sig_atomic_t handled;
static void handle(int signal) { (void)signal, handled++; }

int main(void) {
  int first = first_calls, second = second_calls;
  struct sigaction act = {.sa_handler = handle}, old;
  CHECK_EQ(sigaction(SIGUSR1, &act, NULL), 0);
  CHECK_EQ(first_calls, first + 1);
  CHECK_EQ(second_calls, second + 1);
  CHECK_EQ(sigaction(SIGUSR1, NULL, &old), 0);
  CHECK_EQ(old.sa_handler, handle);
  raise(SIGUSR1);
  CHECK_EQ(handled, 1);
}
