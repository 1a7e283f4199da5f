// A guest that stops the world as Boehm's collector does (bdwgc pthread_stop_world.c).
#pragma once

#include <pthread.h>

struct world_guest {
  void (*begin)(void);                               // installs its handlers
  void (*stop)(pthread_t const *others, int count);  // stops these, looks, restarts them
  int volatile stopped;                              // acknowledged suspend signals
  void (*signal_myself)(void);                       // sends its restart signal
  void (*inside)(void);                              // called in that handler, if set
};
struct world_guest *alpha(void);
struct world_guest *beta(void);
