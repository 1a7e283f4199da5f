// abort(3): the handler runs; if it returns, or SIGABRT is blocked or ignored, the process dies of
// SIGABRT all the same; a handler may leave by siglongjmp (glibc stdlib/abort.c).
// run: nothing
// run: return
// run: block
// run: ignore
// run: leave
// run: reset
// ends: SIGABRT
#include <setjmp.h>
#include "support/check.h"

static sigjmp_buf back;
static int leaves;

static void handler(int number) {
  printf("handler of %d\n", number);
  fflush(stdout);
  if (leaves) siglongjmp(back, 1);
}

int main(int count, char **arguments) {
  CHECK_EQ(count, 2);
  char how = *arguments[1];
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGABRT);
  if (how != 'n') signal(SIGABRT, handler);
  if (how == 'b') sigprocmask(SIG_BLOCK, &set, 0);
  if (how == 'i') signal(SIGABRT, SIG_IGN);
  struct sigaction once = {.sa_handler = handler, .sa_flags = SA_RESETHAND};
  if (arguments[1][2] == 's') sigaction(SIGABRT, &once, 0);
  leaves = how == 'l';
  if (!sigsetjmp(back, 1)) abort();
  leaves = 0;
  puts("left by siglongjmp");
  fflush(stdout);
  abort();
}
