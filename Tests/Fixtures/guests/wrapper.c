// A library with a sigaction of its own that calls the next one, as libjsig does. NAME is what the
// library is built as.
#include <dlfcn.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#define CALLS_OF(name) name##_calls
#define CALLS(name) CALLS_OF(name)
int CALLS(NAME);

int sigaction(int signal, const struct sigaction *act, struct sigaction *old) {
  static int inside;
  int (*next)(int, const struct sigaction *, struct sigaction *) =
      (int (*)(int, const struct sigaction *, struct sigaction *))dlsym(RTLD_NEXT, "sigaction");
  if (inside++ > 0) _exit(3);  // the next one of somebody behind us is we again
  int result = next(signal, act, old);
  inside--, CALLS(NAME)++;
  return result;
}
