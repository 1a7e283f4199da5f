// A guest that uses one signal number in every way there is, and knows what each is like alone.
#pragma once

#include <pthread.h>

struct numbers {
  void (*begin)(int number);  // has a handler from now on
  // On the calling thread. Returns how much was not as alone; stderr says what.
  int (*run)(const char *way, int number);
  // Sends to the thread, which may do anything else meanwhile, with a handler of its own.
  void (*flood)(pthread_t thread, int number);
  int (*dry)(void);  // ends that; returns as run
};
struct numbers *alpha(void);
struct numbers *beta(void);
