// A signal for two handlers interrupts a read(). With one that was installed without SA_RESTART the
// call ends with EINTR, also if it was not the last; with both restarting it goes on.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <pthread.h>
#include "guests/guest.h"
#include "support/check.h"

static int pipes[2];
static pthread_t reader;
static char stat_file[64];

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
  wait_for_sleep();
  pthread_kill(reader, SIGUSR1);
  usleep(200 * 1000);
  CHECK_EQ(write(pipes[1], "x", 1), 1);
  return p;
}

int main(void) {
  reader = pthread_self();
  snprintf(stat_file, sizeof stat_file, "/proc/self/task/%d/stat", gettid());
  CHECK_EQ(pipe(pipes), 0);
  for (int flags = 0; flags < 4; flags++) {
    alpha()->install(SIGUSR1, SA_SIGINFO | (flags & 1 ? SA_RESTART : 0));
    beta()->install(SIGUSR1, SA_SIGINFO | (flags & 2 ? SA_RESTART : 0));
    int before = alpha()->asked + beta()->asked;
    pthread_t id;
    pthread_create(&id, 0, interrupt, 0);
    char byte;
    long result = read(pipes[0], &byte, 1);
    int error = errno;
    CHECK_EQ(result, flags == 3 ? 1 : -1);
    if (result < 0) {
      CHECK_EQ(error, EINTR);
      CHECK_EQ(read(pipes[0], &byte, 1), 1);
    }
    pthread_join(id, 0);
    CHECK_EQ(alpha()->asked + beta()->asked, before + 2);
  }
}
