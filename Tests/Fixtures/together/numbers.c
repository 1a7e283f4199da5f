// One signal number, two runtimes: whichever of the ways to use it each takes, it is as alone. From
// the first wait on one of them has a real-time number of its own in exchange (rules/renumbered.c).
// library: alpha = guests/numbers.c
// library: beta = guests/numbers.c
// varies: bare
// run: queues
// run: does-not-queue
#include <signal.h>
#include <string.h>

#include "guests/numbers_pairs.h"

int main(int count, char **words) {
  int queues = count > 1 && strcmp(words[1], "queues") == 0;
  return numbers_pairs(alpha(), beta(), queues ? SIGRTMIN + 5 : SIGUSR1) != 0;
}
