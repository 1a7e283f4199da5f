// The ways to die of a fault signal, by name.
#pragma once

#include <pthread.h>
#include <sys/wait.h>
#include "support/registers.h"

__attribute__((unused)) static void *die_by(const char *how) {
  if (!strcmp(how, "write")) poke(NOWHERE);
  if (!strcmp(how, "read")) peek(NOWHERE);
  if (!strcmp(how, "protected")) poke(map(4096, PROT_READ));
  if (!strcmp(how, "noncanonical")) poke((void *)0x8000000000000000);
  if (!strcmp(how, "jump")) ((void (*)(void))16)();
  if (!strcmp(how, "patterns")) fault_with_patterns(NOWHERE);
  if (!strcmp(how, "illegal")) illegal();
  if (!strcmp(how, "breakpoint")) breakpoint();
  if (!strcmp(how, "divide")) divide_by_zero();
  if (!strcmp(how, "bus")) poke(map_past_end());
  if (!strcmp(how, "abort")) abort();
  if (!strcmp(how, "raise")) raise(SIGSEGV);
  if (!strcmp(how, "kill")) kill(getpid(), SIGBUS);
  if (!strcmp(how, "child")) {
    // A parent that is not in wait yet would die in its own code, at another address each time.
    if (fork() == 0) usleep(100 * 1000), kill(getppid(), SIGSEGV), _exit(0);
    wait(0);
    sleep(1);
  }
  return 0;
}

__attribute__((unused)) static int signal_of(const char *how) {
  return !strcmp(how, "illegal")                              ? SIGILL
         : !strcmp(how, "breakpoint")                         ? SIGTRAP
         : !strcmp(how, "divide")                             ? SIGFPE
         : !strcmp(how, "bus") || !strcmp(how, "kill")        ? SIGBUS
         : !strcmp(how, "abort")                              ? SIGABRT
                                                              : SIGSEGV;
}
