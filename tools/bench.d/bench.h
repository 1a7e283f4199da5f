// The loop that every program here shares: PROGRAM ROUNDS OPS [WORDS…] prints one line a round,
// the nanoseconds of one operation. Rounds are short, so that some of them run undisturbed.
#pragma once

#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>

static inline double bench_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static inline void bench_fail(const char *what) {
  fprintf(stderr, "bench: %s\n", what);
  exit(1);
}

// Tells step.c where counting begins and ends; the default action ignores the signal.
static inline void bench_mark(void) {
  if (getenv("BENCH_STEP") != NULL) raise(SIGURG);
}

// Prints when all rounds are over: writing in between would cool the caches. The first operation is
// not counted: what happens once in a process is not the cost of an operation.
static inline int bench_run(char **argv, void (*operation)(void)) {
  long rounds = atol(argv[1]), operations = atol(argv[2]);
  double *results = calloc((size_t)rounds, sizeof *results);
  operation();
  bench_mark();
  for (long round = 0; round < rounds; round++) {
    double start = bench_now();
    for (long i = 0; i < operations; i++) operation();
    results[round] = (bench_now() - start) / (double)operations;
  }
  bench_mark();
  for (long round = 0; round < rounds; round++) printf("%.2f\n", results[round]);
  return 0;
}

// The word behind ROUNDS and OPS, or a number in it.
static inline const char *bench_word(int argc, char **argv, int index) {
  return argc > 3 + index ? argv[3 + index] : "";
}
