// One of two libraries that use a real-time number begins to wait for it: it has another in
// exchange, of which it never learns.
// library: alpha = guests/renumbered.c
// library: beta = guests/renumbered.c
// says: W209
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "guests/renumbered.h"
#include "support/check.h"

// A program that one of them has started: of all signals this one is blocked, and ignored.
static int started(int number) {
  sigset_t set;
  uint64_t word;
  CHECK_EQ(sigprocmask(SIG_BLOCK, NULL, &set), 0);
  memcpy(&word, &set, sizeof word);
  CHECK_EQ(word, 1ull << (number - 1));
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++) {
    struct sigaction action;
    CHECK_EQ(sigaction(signal, NULL, &action), 0);
    CHECK_EQ(action.sa_handler == SIG_IGN, signal == number);
  }
  return 0;
}

int main(int count, char **words) {
  if (count > 1) return started(atoi(words[1]));
  if (getenv("COEXIST_LOG") == NULL) {
    setenv("COEXIST_LOG", "info", 1);
    execv("/proc/self/exe", words);
  }
  int number = SIGRTMIN + 5;
  beta()->handles(number), alpha()->handles(number);
  alpha()->wait(number), beta()->wait(number);
  for (int round = 0; round < 3; round++) {
    beta()->handles(number), alpha()->handles(number);
    beta()->asks(number), alpha()->asks(number);
    beta()->dies(number, words[0]), alpha()->dies(number, words[0]);
    alpha()->wait(number), beta()->wait(number);
  }
}
