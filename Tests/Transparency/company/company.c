// Another party in CPython: handlers for the faults, which it declines, and for signals that
// runtimes use among their own threads, which it ignores. It comes after CPython's own.
#define _GNU_SOURCE
#include <signal.h>

static struct sigaction found[65];
static void decline(int signal) { sigaction(signal, &found[signal], 0); }
static void ignore(int signal) { (void)signal; }

static void come(int signal, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART | SA_ONSTACK};
  sigaction(signal, &action, &found[signal]);
}

__attribute__((constructor)) static void start(void) {
  static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};
  static const int others[] = {SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR};
  for (unsigned n = 0; n < sizeof faults / sizeof *faults; n++) come(faults[n], decline);
  for (unsigned n = 0; n < sizeof others / sizeof *others; n++) come(others[n], ignore);
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++) come(signal, ignore);
}
