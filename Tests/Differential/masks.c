// Signal masks by all their names.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>

#include "differential.h"

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static void show(const char *call) {
  sigset_t now;
  pthread_sigmask(SIG_BLOCK, NULL, &now);
  trace("%s, mask %lx", call, word_of(&now));
}

void step_mask(void) {
  sigset_t set = random_set(), old;
  sigemptyset(&old);
  int how = (int)chance(3), s = random_signal();
  switch (chance(12)) {
    case 0:
    case 1:
    case 2: trace("sigprocmask(%d): %d", how, sigprocmask(how, &set, &old)); break;
    case 3: trace("pthread_sigmask(42): %d", pthread_sigmask(42, &set, &old)); break;
    case 4: trace("sighold(%d): %d", s, sighold(s)); break;
    case 5: trace("sigrelse(%d): %d", s, sigrelse(s)); break;
    case 6: trace("sigblock: %x", (unsigned)sigblock((int)word_of(&set))); break;
    case 7: trace("sigsetmask: %x", (unsigned)sigsetmask((int)word_of(&set))); break;
    case 8: trace("siggetmask: %x", (unsigned)siggetmask()); break;
    case 9: {
      sigset_t pending;
      sigpending(&pending);
      trace("pending %lx", word_of(&pending));
      break;
    }
    default: trace("pthread_sigmask(%d): %d", how, pthread_sigmask(how, &set, &old));
  }
  trace("was %lx", word_of(&old));
  show("now");
}
