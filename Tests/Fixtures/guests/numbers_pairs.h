// Two guests on one number, each on a thread of its own and each in every way, at the same time.
#pragma once

#include <stdio.h>

#include "guests/numbers.h"

struct numbers_side {
  struct numbers *guest;
  const char *way;
  int number, mistakes;
};

static pthread_barrier_t numbers_ready;

static void *numbers_body(void *argument) {
  struct numbers_side *side = argument;
  pthread_barrier_wait(&numbers_ready);
  side->mistakes = side->guest->run(side->way, side->number);
  return NULL;
}

// Returns how much was not as each is alone, of the first pair of ways where anything was.
static int numbers_pairs(struct numbers *one, struct numbers *two, int number) {
  static const char *const ways[] = {"handler", "count",   "suspend", "sigwait", "signalfd",
                                     "overrun", "once",    "ignore",  "fork"};
  enum { WAYS = sizeof ways / sizeof ways[0] };
  one->begin(number), two->begin(number);
  pthread_barrier_init(&numbers_ready, NULL, 2);
  for (int pair = 0; pair < WAYS * WAYS; pair++) {
    struct numbers_side sides[] = {{one, ways[pair / WAYS], number, 0},
                                   {two, ways[pair % WAYS], number, 0}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, numbers_body, &sides[i]);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    int mistakes = sides[0].mistakes + sides[1].mistakes;
    if (mistakes != 0)
      fprintf(stderr, "%s beside %s, signal %d: %d and %d mistakes\n", sides[0].way, sides[1].way,
              number, sides[0].mistakes, sides[1].mistakes);
    if (mistakes != 0) return mistakes;
  }
  return 0;
}
