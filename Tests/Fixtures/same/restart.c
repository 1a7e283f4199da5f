// SA_RESTART decides whether a blocked read() goes on or fails with EINTR, also for fault signals
// that are sent (signal(7)).
// company: yes
#include <pthread.h>
#include "support/check.h"

static int pipes[2];
static pthread_t reader;
static char stat_file[64];
static volatile int calls;

static void handler(int s) { (void)s, calls++; }

// Until the reader sleeps in read(): the third field of its stat is S (proc(5)).
static void wait_for_sleep(void) {
  char state = 0;
  while (state != 'S') {
    usleep(1000);
    FILE *file = fopen(stat_file, "r");
    CHECK_EQ(fscanf(file, "%*d %*s %c", &state), 1);
    fclose(file);
  }
}

static void *interrupt(void *p) {
  for (int n = 0; n < 3; n++) {
    wait_for_sleep();
    pthread_kill(reader, SIGTRAP);
    while (calls <= n) usleep(100);
  }
  wait_for_sleep();
  CHECK_EQ(write(pipes[1], "x", 1), 1);
  return p;
}

int main(void) {
  reader = pthread_self();
  snprintf(stat_file, sizeof stat_file, "/proc/self/task/%d/stat", gettid());
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
