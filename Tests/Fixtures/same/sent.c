// Fault signals that are sent, not caused: raise, pthread_kill, tgkill, kill, sigqueue and another
// process; si_code and si_pid tell them apart (sigaction(2)). SIG_IGN drops them.
// company: yes
#include <pthread.h>
#include <sys/wait.h>
#include "support/check.h"
#include "support/fault.h"

static volatile int calls;
static pid_t other;

static void handler(int number, siginfo_t *info, void *c) {
  (void)c;
  const char *from = info->si_pid == getpid() ? "self" : info->si_pid == other ? "other" : "?";
  printf("%d: si_code %d from %s value %d\n", number, info->si_code, from,
         info->si_code == SI_QUEUE ? info->si_value.sival_int : 0);
  calls++;
}

int main(void) {
  int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
  for (int n = 0; n < 6; n++) {
    int number = signals[n];
    struct sigaction new = action(handler, SA_SIGINFO | SA_RESTART);
    CHECK_EQ(sigaction(number, &new, 0), 0);
    calls = 0;
    raise(number);
    pthread_kill(pthread_self(), number);
    tgkill(getpid(), gettid(), number);
    kill(getpid(), number);
    sigqueue(getpid(), number, (union sigval){.sival_int = 42});
    CHECK_EQ(calls, 5);
    other = 0;
    fflush(stdout);
    int go[2];
    CHECK_EQ(pipe(go), 0);
    pid_t child = fork();
    if (child == 0) {
      char byte;
      if (read(go[0], &byte, 1) == 1) kill(getppid(), number);
      _exit(0);
    }
    other = child;
    CHECK_EQ(write(go[1], "", 1), 1);
    while (waitpid(child, 0, 0) != child) {}
    while (calls < 6) usleep(100);
    signal(number, SIG_IGN);
    raise(number);
    kill(getpid(), number);
  }
}
