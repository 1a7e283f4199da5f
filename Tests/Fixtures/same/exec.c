// execve keeps SIG_IGN and the mask, and turns handlers into SIG_DFL (execve(2)).
// run: first
#include "support/check.h"
#include "support/kernel.h"

static void handler(int s) { (void)s; }

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  if (*arguments[1] == 'f') {
    signal(SIGSEGV, SIG_IGN);
    signal(SIGFPE, handler);
    signal(SIGUSR1, SIG_IGN);
    signal(SIGCHLD, handler);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGBUS);
    sigprocmask(SIG_SETMASK, &set, 0);
    arguments[1] = "second";
    execv("/proc/self/exe", arguments);
  }
  for (int n = 1; n < 32; n++) {
    struct sigaction now;
    sigaction(n, 0, &now);
    CHECK_EQ(now.sa_handler, kernel_action(n).handler);
    if (now.sa_handler != SIG_DFL) printf("%d: %s\n", n, now.sa_handler == SIG_IGN ? "IGN" : "?");
  }
  printf("blocked %#lx\n", kernel_mask());
}
