// Two runtimes have children in one process. One takes every child that it can get (waitpid(-1)),
// or ignores SIGCHLD; the other's exit statuses are its own all the same, and the children of the
// one that ignores leave no zombies. Linux: wait(2), "Linux notes".
// library: alpha = guests/parent.c
// library: beta = guests/parent.c
#include <errno.h>
#include <pthread.h>
#include <sys/wait.h>
#include "guests/parent.h"
#include "support/check.h"

static struct parent *a, *b;
static volatile int taken, stopping;

static void *reaper(void *argument) {
  (void)argument;
  while (!stopping) {
    int pid = taken % 2 ? a->wait_any(0) : a->waitid_any();
    if (pid > 0) taken++;
    else usleep(200);
  }
  return 0;
}

static void statuses_are_ones_own(void) {
  for (int n = 0; n < 30; n++) {
    int child = b->make(n % HOWS, n % 7 + 1);
    CHECK(child > 0);
    CHECK(b->wait_for(child) == n % 7 + 1);  // which one is lost bare is chance
  }
}

int main(void) {
  a = alpha(), b = beta();
  a->wants(0), b->wants(0);

  pthread_t thread;
  CHECK_EQ(pthread_create(&thread, 0, reaper, 0), 0);
  statuses_are_ones_own();
  for (int n = 0; n < 6; n++) CHECK(a->make(n % HOWS, 0) > 0);
  while (taken < 6) usleep(200);
  stopping = 1;
  pthread_join(thread, 0);

  // With none of its own there is nothing to wait for.
  int child = b->make(FORK, 3);
  CHECK_EQ(a->wait_any(0), -ECHILD);
  CHECK_EQ(a->wait_any(WNOHANG), -ECHILD);
  CHECK_EQ(b->wait_any(0), child);

  a->wants(1);
  statuses_are_ones_own();
  int ignored = a->make(FORK, 5);
  CHECK_EQ(a->wait_for(ignored), -ECHILD);
  ignored = a->make(SPAWN, 0);
  while (kill(ignored, 0) == 0) usleep(200);
  CHECK_EQ(errno, ESRCH);
  statuses_are_ones_own();
  CHECK_EQ(b->wait_any(WNOHANG), -ECHILD);
}
