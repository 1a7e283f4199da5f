// A child of vfork opens what its parent blocks and resets what its parent ignores, before exec (as
// CPython's subprocess does): the new program has what the child asked for, though others have
// handlers for the signals. What it leaves alone, the program has from the parent.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include <sys/wait.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static uint64_t blocked, ignored;
static uint64_t bit(int signal) { return 1ull << (signal - 1); }

static void start(void (*prepare)(void)) {
  int ends[2], status;
  CHECK_EQ(pipe(ends), 0);
  pid_t child = vfork();
  if (child == 0) {
    prepare();
    dup2(ends[1], 1);
    execl("/bin/cat", "cat", "/proc/self/status", NULL);
    _exit(127);
  }
  close(ends[1]);
  FILE *pipe = fdopen(ends[0], "r");
  char line[256];
  while (fgets(line, sizeof line, pipe)) {
    sscanf(line, "SigBlk: %lx", &blocked);
    sscanf(line, "SigIgn: %lx", &ignored);
  }
  fclose(pipe);
  CHECK_EQ(waitpid(child, &status, 0), child);
  CHECK_EQ(status, 0);
}

static void change_nothing(void) {}

static void reset(void) {
  sigset_t none, seen;
  sigemptyset(&none);
  struct sigaction old, usual = {.sa_handler = SIG_DFL};
  CHECK_EQ(sigaction(SIGFPE, NULL, &old), 0);
  CHECK_EQ(old.sa_handler, SIG_IGN);
  CHECK_EQ(sigaction(SIGFPE, &usual, &old), 0);
  CHECK_EQ(old.sa_handler, SIG_IGN);
  CHECK_EQ(sigaction(SIGFPE, NULL, &old), 0);
  CHECK_EQ(old.sa_handler, SIG_DFL);
  CHECK_EQ(sigprocmask(SIG_SETMASK, &none, &seen), 0);
  CHECK(sigismember(&seen, SIGSEGV));
  CHECK_EQ(sigprocmask(SIG_BLOCK, NULL, &seen), 0);
  CHECK(!sigismember(&seen, SIGSEGV));
}

int main(void) {
  struct guest *a = alpha(), *b = beta();
  for (int n = 0; n < 2; n++) {
    int signal = n == 0 ? SIGSEGV : SIGFPE;
    a->install(signal, SA_SIGINFO | SA_NODEFER);
    b->install(signal, SA_SIGINFO | SA_NODEFER);
  }
  signal(SIGFPE, SIG_IGN);
  sigset_t all, seen;
  sigfillset(&all);
  for (int n = 0; n < 3; n++) {
    CHECK_EQ(sigprocmask(SIG_SETMASK, &all, NULL), 0);
    start(reset);
    CHECK_EQ(blocked, 0);
    CHECK_EQ(ignored & bit(SIGFPE), 0);
    start(change_nothing);
    CHECK_EQ(blocked & bit(SIGSEGV), bit(SIGSEGV));
    CHECK_EQ(ignored & bit(SIGFPE), bit(SIGFPE));
    a->poke(NOWHERE), b->poke(NOWHERE);
    CHECK_EQ(sigprocmask(SIG_BLOCK, NULL, &seen), 0);
    CHECK(sigismember(&seen, SIGSEGV));
  }
  CHECK_EQ(a->asked, 3);
  CHECK_EQ(b->asked, 3);
}
