// setuid(2) and its like, for all threads of the process (nptl(7)): results and errno.
// company: yes
#include <grp.h>
#include <pthread.h>
#include <unistd.h>
#include "support/check.h"

static pthread_barrier_t begun, over;
static void *wait_there(void *p) {
  pthread_barrier_wait(&begun);
  pthread_barrier_wait(&over);
  return p;
}

int main(void) {
  pthread_t id;
  pthread_barrier_init(&begun, 0, 2), pthread_barrier_init(&over, 0, 2);
  CHECK_EQ(pthread_create(&id, 0, wait_there, 0), 0);
  pthread_barrier_wait(&begun);
  CHECK_EQ(setuid(getuid()), 0);
  CHECK_EQ(setgid(getgid()), 0);
  CHECK_EQ(seteuid(geteuid()), 0);
  CHECK_EQ(setegid(getegid()), 0);
  CHECK_EQ(setreuid(-1, -1), 0);
  CHECK_EQ(setregid(-1, -1), 0);
  CHECK_EQ(setresuid(-1, -1, -1), 0);
  CHECK_EQ(setresgid(-1, -1, -1), 0);
  errno = 0;
  CHECK_EQ(seteuid((uid_t)-1), -1);
  CHECK_EQ(errno, EINVAL);
  CHECK_EQ(setgroups(1 << 20, 0), -1);
  pthread_barrier_wait(&over);
  pthread_join(id, 0);
}
