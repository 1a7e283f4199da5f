// SBCL (interrupt.c, linux-os.c): write barrier, and memory faults that resume elsewhere; looks at
// the mask in its handler and gives up ("blockables unblocked") if that is not what it asked for;
// with SIG_DFL below a foreign fault is lose().
#include <pthread.h>
#include "models/model.h"
#include "support/check.h"
#include "support/fault.h"

static struct sigaction old;
static sigset_t blockables;
static char *heap;
static int cured;

static void lose(const char *why) {
  dprintf(2, "fatal error encountered in SBCL: %s\n", why);
  abort();
}

static void handler(int number, siginfo_t *info, void *context) {
  sigset_t now;
  pthread_sigmask(SIG_BLOCK, 0, &now);
  for (int n = 1; n < 32; n++)
    if (sigismember(&blockables, n) && !sigismember(&now, n)) lose("blockables unblocked");
  char *address = info->si_addr;
  if (address >= heap && address < heap + 65536) {
    cured++;
    CHECK_EQ(mprotect(heap, 65536, PROT_READ | PROT_WRITE), 0);
  } else if ((char *)REGISTER(context, RIP) == (char *)peek) {
    cured++;
    REGISTER(context, RIP) += PEEK_SIZE;
  } else if (old.sa_handler == SIG_DFL) {
    lose("Can't handle sig11 in non-lisp thread");
  } else if (old.sa_handler != SIG_IGN) {
    old.sa_sigaction(number, info, context);
  }
}

static void start(void) {
  int asynchronous[] = {SIGALRM, SIGPROF, SIGINT, SIGTERM, SIGCHLD, SIGUSR2, SIGURG, SIGPIPE};
  sigemptyset(&blockables);
  for (int n = 0; n < 8; n++) sigaddset(&blockables, asynchronous[n]);
  heap = map(65536, PROT_READ | PROT_WRITE);
  stack_t stack = {.ss_sp = map(444416, PROT_READ | PROT_WRITE), .ss_size = 444416};
  CHECK_EQ(sigaltstack(&stack, 0), 0);
  struct sigaction new = action(handler, SA_SIGINFO | SA_RESTART | SA_NODEFER | SA_ONSTACK);
  new.sa_mask = blockables;
  CHECK_EQ(sigaction(SIGSEGV, &new, &old), 0);
}

static int fault(void) {
  int before = cured;
  CHECK_EQ(mprotect(heap, 65536, PROT_READ), 0);
  poke(heap + 4000), peek(NOWHERE);
  return cured == before + 2;
}

struct model model = {.start = start, .fault = fault};
