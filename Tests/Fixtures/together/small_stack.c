// A goroutine's stack has no room for a signal frame: "If the non-Go code installs any signal
// handlers, it must use the SA_ONSTACK flag" (golang/go src/os/signal/doc.go). Ruby's SIGCHLD
// handler does not, and is the only one for its signal: bare, its frame is written over whatever
// lies below, another goroutine's stack. In both orders of installation.
// library: small = guests/small.c
// run: handler first
// run: handler last
#include "guests/small.h"
#include "support/check.h"
#include "support/kernel.h"

static volatile int handled;

static void handler(int number) {
  (void)number;
  handled++;
}

static void install(void) {
  struct sigaction action = {.sa_handler = handler};
  CHECK_EQ(sigaction(SIGCHLD, &action, 0), 0);
}

// The system call itself: it needs no stack.
static void send(void) { kernel(SYS_kill, kernel(SYS_getpid, 0, 0, 0, 0), SIGCHLD, 0, 0); }

int main(int count, char **words) {
  CHECK_EQ(count, 3);
  int first = strcmp(words[2], "first") == 0;
  if (first) install();
  small_start();
  if (!first) install();
  for (int n = 1; n <= 10; n++) {
    CHECK(small_run(send) == 0);
    CHECK_EQ(handled, n);
  }
  struct sigaction now;
  CHECK_EQ(sigaction(SIGCHLD, 0, &now), 0);
  CHECK_EQ(now.sa_handler, handler);
  CHECK_EQ(now.sa_flags & ~0x04000000, 0);  // SA_RESTORER
}
