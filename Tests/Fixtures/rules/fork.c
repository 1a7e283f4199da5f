// Two parties after fork, in a handler too; vfork + exec and posix_spawn leave the parent's alone;
// the child's crash has its own status.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
// says: coexist[
#include <spawn.h>
#include <sys/wait.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

extern char **environ;
static struct guest *a, *b;
static int forks;

static void both(void) {
  int before = a->asked, other = b->asked;
  a->poke(NOWHERE), b->poke(NOWHERE);
  CHECK_EQ(a->asked, before + 1);
  CHECK_EQ(b->asked, other + 1);
}

static int status_of(void (*work)(void)) {
  int status;
  pid_t child = fork();
  if (child == 0) work(), _exit(7);
  CHECK_EQ(waitpid(child, &status, 0), child);
  return status & 0xff7f;
}

static void inside(void) {
  if (!forks) return;
  forks = 0;
  a->inside = 0;
  CHECK_EQ(status_of(both), 7 << 8);
}
static void crash(void) { a->answer = b->answer = RESET, poke(NOWHERE); }

int main(void) {
  a = alpha(), b = beta();
  a->install(SIGSEGV, SA_SIGINFO | SA_NODEFER);
  b->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  for (int n = 0; n < 3; n++) {
    both();
    CHECK_EQ(status_of(both), 7 << 8);
    CHECK_EQ(status_of(crash), SIGSEGV);
    forks = 1, a->inside = inside;
    both();
    char *arguments[] = {"sh", "-c", "kill -SEGV $$", 0};
    int status;
    pid_t child = vfork();
    if (child == 0) execve("/bin/sh", arguments, environ), _exit(127);
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status & 0x7f, SIGSEGV);
    CHECK_EQ(posix_spawn(&child, "/bin/sh", 0, 0, arguments, environ), 0);
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status & 0x7f, SIGSEGV);
    both();
  }
}
