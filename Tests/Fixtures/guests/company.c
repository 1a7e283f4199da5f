// A second party for programs that know nothing of it (`// company: yes`). Installs handlers that
// decline, in the way that the environment variable COMPANY names, and it holds the faulting
// instructions of the program, so that it is asked first. It never claims.
#define FAULTS_EXPORTED
#include "guests/guest.c"

__attribute__((constructor)) static void arrive(void) {
  const char *how = getenv("COMPANY");
  self.answer = answer_named(how ? how : "reset");
  int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
  for (int n = 0; n < 6; n++)
    install(signals[n], SA_SIGINFO | (self.answer & 1 ? SA_NODEFER : SA_ONSTACK));
}
