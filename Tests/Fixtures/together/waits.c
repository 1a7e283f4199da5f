// Two libraries wait for one real-time number, each for what it sends to the process. The kernel
// gives any of them to either; under coexist the second one has a number of its own in exchange.
// library: alpha = guests/waits.c
// library: beta = guests/waits.c
// varies: bare
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include "guests/waits.h"

static void *send_all(void *argument) {
  struct waits *guest = argument;
  guest->send(guest == alpha() ? 10000 : 20000);
  return NULL;
}

int main(void) {
  int number = SIGRTMIN + 5, mistakes = 0;
  sigset_t set;
  sigemptyset(&set), sigaddset(&set, number);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  for (int pair = 0; pair < WAITS_WAYS * WAITS_WAYS && mistakes == 0; pair++) {
    struct waits *guests[] = {alpha(), beta()};
    int ways[] = {pair / WAITS_WAYS, pair % WAITS_WAYS};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) guests[i]->begin(number, ways[i]);
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, send_all, guests[i]);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < 2; i++) mistakes += guests[i]->end();
  }
  return mistakes != 0;
}
