// SA_RESTART decides whether a blocked read() goes on or fails with EINTR, also for fault signals
// that are sent (signal(7)).
// company: yes
#include <pthread.h>
#include "support/check.h"

static int pipes[2];
static pthread_t reader;
static volatile int calls;

static void handler(int s) { (void)s, calls++; }

static void *interrupt(void *p) {
  for (int n = 0; n < 3; n++) {
    usleep(3000);
    pthread_kill(reader, SIGTRAP);
    while (calls <= n) usleep(100);
  }
  CHECK_EQ(write(pipes[1], "x", 1), 1);
  return p;
}

int main(void) {
  reader = pthread_self();
  for (int restart = 0; restart < 2; restart++) {
    struct sigaction new = {.sa_handler = handler, .sa_flags = restart ? SA_RESTART : 0};
    CHECK_EQ(sigaction(SIGTRAP, &new, 0), 0);
    CHECK_EQ(pipe(pipes), 0);
    calls = 0;
    pthread_t id;
    pthread_create(&id, 0, interrupt, 0);
    int failed = 0;
    char byte;
    while (read(pipes[0], &byte, 1) != 1) {
      CHECK_EQ(errno, EINTR);
      failed++;
    }
    pthread_join(id, 0);
    printf("restart %d: read failed %d times\n", restart, failed);
  }
}
