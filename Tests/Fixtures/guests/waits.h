// A guest that waits for a signal to the process, without a handler, on a thread of its own.
#pragma once

enum { WAITS_BY_SIGWAIT, WAITS_BY_SIGNALFD, WAITS_WAYS };
struct waits {
  void (*begin)(int number, int way);
  // Sends to the process what the thread is to find, by each call that there is.
  void (*send)(int id);
  int (*end)(void);  // returns how much was not as alone; stderr says what
};
struct waits *alpha(void);
struct waits *beta(void);
