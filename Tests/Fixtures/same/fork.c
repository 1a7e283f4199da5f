// fork(2) keeps dispositions and mask; faults work in the child, in its child, in a child made by a
// thread, and in one made inside a handler; a child's crash has its own status.
// company: yes
#include <pthread.h>
#include <sys/wait.h>
#include "support/check.h"
#include "support/fault.h"

static volatile int calls, forks;

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  calls++;
  if (forks) {
    forks = 0;
    pid_t child = fork();
    if (child) CHECK(waitpid(child, 0, 0) == child);
    else forks = -1;  // goes on in the child
  }
  REGISTER(c, RIP) += POKE_SIZE;
}

static int status_of(void (*work)(void)) {
  pid_t child = fork();
  if (child == 0) work(), _exit(7);
  int status;
  CHECK(waitpid(child, &status, 0) == child);
  return status;
}

static void fault(void) {
  int before = calls;
  poke(NOWHERE);
  CHECK_EQ(calls, before + 1);
}
static void twice(void) {
  fault();
  CHECK_EQ(status_of(fault), 7 << 8);
}
static void crash(void) { signal(SIGSEGV, SIG_DFL), poke(NOWHERE); }
static void *thread(void *p) {
  CHECK_EQ(status_of(twice), 7 << 8);
  return p;
}

int main(void) {
  struct sigaction new = action(handler, SA_SIGINFO);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  fault();
  CHECK_EQ(status_of(twice), 7 << 8);
  CHECK_EQ(status_of(crash) & 0x7f, SIGSEGV);
  pthread_t id;
  pthread_create(&id, 0, thread, 0);
  pthread_join(id, 0);
  forks = 1;
  fault();
  if (forks < 0) fault(), _exit(0);
  fault();
}
