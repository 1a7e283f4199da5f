// A library of nobody's starts a program for its caller (CPython's subprocess is such a library):
// it inherits what the caller ignores, also when another has a handler (execve(2)).
// library: leanshared = guests/lean.c
// library: alpha = guests/guest.c
// library: starter = guests/starter.c
#include "guests/guest.h"
#include "support/check.h"

void lean_initialize_runtime_module(void);
long lean_write_by(long (*writes)(int), int fd);
long starter_ignored(int unused);

static const long pipes = 1l << (SIGPIPE - 1), hangups = 1l << (SIGHUP - 1);

int main(void) {
  struct guest *a = alpha();
  lean_initialize_runtime_module();
  signal(SIGHUP, SIG_IGN);
  a->install(SIGPIPE, SA_SIGINFO);
  a->install(SIGHUP, SA_SIGINFO);
  for (int n = 0; n < 3; n++) {
    CHECK_EQ(starter_ignored(0) & (pipes | hangups), hangups);
    CHECK_EQ(lean_write_by(starter_ignored, 0) & pipes, pipes);
  }
}
