// A debugger traces a thread that keeps every signal out, so nobody else may: the collector that
// waits for it is named, and goes on when the thread lets the signal in.
// library: alpha = guests/world.c
// says: W208
#include <sys/ptrace.h>
#include <sys/wait.h>
#include "guests/world.h"
#include "support/check.h"
#include "support/closed.h"

static int volatile tid;
static int traced[2];  // a pipe

static void *body(void *unused) {
  CHECK_EQ(set_mask_raw(~0ull), 0);
  tid = gettid();
  char byte;
  CHECK_EQ(read(traced[0], &byte, 1), 1);
  // Longer than the fifty looks after which it is told.
  usleep(1500000);
  CHECK_EQ(set_mask_raw(0), 0);
  while (alpha()->stopped == 0) usleep(1000);
  return unused;
}

int main(void) {
  alpha()->begin();
  CHECK_EQ(pipe(traced), 0);
  pthread_t thread;
  CHECK_EQ(pthread_create(&thread, 0, body, 0), 0);
  while (tid == 0) usleep(100);
  int child = fork();
  if (child == 0) {
    CHECK_EQ(ptrace(PTRACE_SEIZE, tid, 0, 0), 0);
    CHECK_EQ(write(traced[1], "t", 1), 1);
    for (int status; waitpid(tid, &status, __WALL) == tid;) {  // hands on what arrives
      if (WIFSTOPPED(status)) ptrace(PTRACE_CONT, tid, 0, (long)WSTOPSIG(status));
      else _exit(0);
    }
    _exit(0);
  }
  alpha()->stop(&thread, 1);
  CHECK_EQ(alpha()->stopped, 1);
  CHECK_EQ(pthread_join(thread, 0), 0);
  CHECK_EQ(waitpid(child, 0, 0), child);
}
