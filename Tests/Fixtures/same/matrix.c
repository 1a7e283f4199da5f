// The matrix of DynamoRIO's suite/tests/linux/signal0000.c … signal1111.c:
// leave by siglongjmp or return, block signals in the handler, alternate stack, timer running.
// run: 0 0 0 0
// run: 0 0 0 1
// run: 0 0 1 0
// run: 0 0 1 1
// run: 0 1 0 0
// run: 0 1 0 1
// run: 0 1 1 0
// run: 0 1 1 1
// run: 1 0 0 0
// run: 1 0 0 1
// run: 1 0 1 0
// run: 1 0 1 1
// run: 1 1 0 0
// run: 1 1 0 1
// run: 1 1 1 0
// run: 1 1 1 1
// company: yes
#include <setjmp.h>
#include <sys/time.h>
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

static int jumps, blocks, altstack, timer;
static sigjmp_buf back;
static char stack[65536];
static volatile int ticks;

static void on_tick(int s) { (void)s, ticks++; }

static void on_fault(int signal, siginfo_t *info, void *context) {
  char here;
  CHECK_EQ(&here >= stack && &here < stack + sizeof stack, altstack);
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, 0, &mask);
  CHECK(sigismember(&mask, signal));
  CHECK_EQ(!!(kernel_mask() & BIT(SIGUSR1)), blocks);
  if (signal == SIGSEGV) CHECK_EQ(info->si_addr, NOWHERE);
  if (jumps) siglongjmp(back, 1);
  if (signal == SIGSEGV) REGISTER(context, RIP) += POKE_SIZE;
}

int main(int count, char **arguments) {
  CHECK_EQ(count, 5);
  jumps = *arguments[1] == '1', blocks = *arguments[2] == '1';
  altstack = *arguments[3] == '1', timer = *arguments[4] == '1';
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  if (altstack) CHECK_EQ(sigaltstack(&alternate, 0), 0);
  struct sigaction new = action(on_fault, SA_SIGINFO | (altstack ? SA_ONSTACK : 0));
  if (blocks) sigfillset(&new.sa_mask);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  CHECK_EQ(sigaction(SIGABRT, &new, 0), 0);
  struct sigaction tick = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
  CHECK_EQ(sigaction(SIGALRM, &tick, 0), 0);
  struct itimerval often = {{0, 300}, {0, 300}}, never = {0};
  if (timer) setitimer(ITIMER_REAL, &often, 0);

  for (int n = 0; n < 500; n++) {
    if (!sigsetjmp(back, 1)) poke(NOWHERE);
    if (!sigsetjmp(back, 1)) raise(SIGABRT);
    CHECK_EQ(kernel_mask(), 0);
  }
  while (timer && ticks < 3) pause();
  setitimer(ITIMER_REAL, &never, 0);
  puts("done");
}
