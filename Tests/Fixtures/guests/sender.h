// A library that sends real-time signals to itself, and counts what it gets.
#pragma once

#include <pthread.h>

enum { SENDER_WAYS = 4 };

struct sender {
  void (*install)(int signal);
  // way 0 pthread_sigqueue, 1 sigqueue, 2 pthread_kill, 3 kill: 0, or an error. The first two carry
  // `value`.
  int (*send)(pthread_t thread, int signal, int way, int value);
  volatile int got, valued, out_of_order, last;
};

struct sender *alpha(void);
struct sender *beta(void);
