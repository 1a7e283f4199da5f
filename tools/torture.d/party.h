// A library that plays a runtime: it has handlers of its own, sends itself signals, and faults.
#pragma once

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>

enum { VARIANTS = 4, BUCKETS_PER_OCTAVE = 16, BUCKETS = 64 * BUCKETS_PER_OCTAVE };

#define QUEUED (SIGRTMIN + 5)
#define PLAIN SIGUSR2

struct party {
  // Installs its handlers for SIGSEGV, QUEUED and PLAIN; the variants have other functions, flags
  // and masks.
  void (*install)(unsigned variant);
  void (*remove)(void);
  // To a thread, or to the process where it is 0. 0, or an error number.
  int (*queue)(pthread_t thread);
  int (*kill)(pthread_t thread);
  void (*fault)(void);
  // Maps code, closes it, unmaps it.
  void (*remap)(void);

  uint64_t queued, got;           // signals that queue: as many must come
  uint64_t killed, seen;          // signals that do not: the handler must run after the last
  uint64_t faults, repaired;
  uint64_t wrong;                 // what came here, and is another's
  uint64_t latency[BUCKETS];      // ns from queue() to the handler
};

static inline uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}
static inline uint64_t more(uint64_t *counter) {
  return __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}
static inline uint64_t value(const uint64_t *counter) {
  return __atomic_load_n(counter, __ATOMIC_ACQUIRE);
}

// Sixteen buckets for each power of two.
static inline unsigned bucket(uint64_t ns) {
  if (ns < BUCKETS_PER_OCTAVE) return (unsigned)ns;
  unsigned octave = 63 - (unsigned)__builtin_clzll(ns);
  return (octave - 3) * BUCKETS_PER_OCTAVE + (unsigned)(ns >> (octave - 4) & 15);
}
static inline double bucket_ns(unsigned index) {
  if (index < BUCKETS_PER_OCTAVE) return index;
  unsigned octave = index / BUCKETS_PER_OCTAVE + 3;
  return (double)(1ull << octave) * (1 + index % BUCKETS_PER_OCTAVE / 16.0);
}
