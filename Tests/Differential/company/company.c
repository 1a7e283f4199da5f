// Another party in the same process: it has a handler for every signal that the programs use, so
// that coexist dispatches all of them; none of those signals is its own. It has nothing to say to
// faults. What everybody is told of (SIGCHLD, SIGCONT, SIGWINCH) it leaves alone: its handler would
// rightly come before or after the program's.
#define _GNU_SOURCE
#include <signal.h>
#include <unistd.h>

static struct sigaction found[65];

static void handle(int signal) {
  if (signal == SIGSEGV || signal == SIGFPE || signal == SIGTRAP || signal == SIGSYS) {
    sigaction(signal, &found[signal], NULL);  // as faulthandler declines
    return;
  }
  static const char message[] = "the company was called\n";
  if (write(2, message, sizeof message - 1) < 0) _exit(99);
  _exit(98);
}

void company_come(void) {
  for (int signal = 1; signal <= 64; signal++) {
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART | SA_ONSTACK};
    if (signal == 32 || signal == 33 || signal == SIGKILL || signal == SIGSTOP) continue;
    if (signal == SIGCHLD || signal == SIGCONT || signal == SIGWINCH) continue;
    sigaction(signal, &action, &found[signal]);
  }
}
