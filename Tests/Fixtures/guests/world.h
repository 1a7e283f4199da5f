// A guest that stops the world as Boehm's collector does (bdwgc pthread_stop_world.c).
#pragma once

#include <pthread.h>

struct world_guest {
  void (*begin)(void);                               // installs its handlers
  void (*stop)(pthread_t const *others, int count);  // stops these, looks, restarts them
  int volatile stopped;                              // acknowledged suspend signals
  void (*suspend_myself)(void);                      // sends the signal, and nothing more
  void (*inside)(void);                              // called in the suspend handler, if set; then
                                                     // it does not wait
};
struct world_guest *alpha(void);
struct world_guest *beta(void);
