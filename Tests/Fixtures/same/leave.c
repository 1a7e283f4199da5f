// A handler may end the program: _exit, exit (with atexit handlers that fault again), execve.
// run: _exit
// run: exit
// run: exec
// ends: exit 5
// company: yes
#include "support/check.h"
#include "support/fault.h"

static char *how;

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  if (!how) {
    puts("fault at exit");
    REGISTER(c, RIP) += POKE_SIZE;
    return;
  }
  char *way = how;
  how = 0;
  if (!strcmp(way, "_exit")) _exit(5);
  if (!strcmp(way, "exit")) exit(5);
  execl("/bin/sh", "sh", "-c", "exit 5", (char *)0);
}

static void at_exit(void) { poke(NOWHERE); }

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  how = arguments[1];
  struct sigaction new = action(handler, SA_SIGINFO | SA_NODEFER);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  atexit(at_exit);
  poke(NOWHERE);
}
