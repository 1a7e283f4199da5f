// .NET's handler leaves its alternate stack and goes on where the fault was, with the siginfo and
// the context that lie on the alternate stack (pal/src/exception/signal.cpp, sigsegv_handler and
// ExecuteHandlerOnOriginalStack). Signals of other runtimes that come meanwhile must not be entered
// at the top of that stack, over them.
// library: beta = guests/guest.c
// library: delta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

#include <stddef.h>

enum { SIZE = 16384 };
static siginfo_t *info;
static ucontext_t *context;
static volatile int ran;

static void on(char *top, void (*function)(void)) {
  __asm__ volatile("mov %%rsp, %%rbx; mov %0, %%rsp; call *%1; mov %%rbx, %%rsp"
                   :
                   : "r"(top), "r"(function)
                   : "rbx", "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory");
}

static void worker(void) {
  siginfo_t before = *info;
  ucontext_t known;
  memcpy(&known, context, offsetof(ucontext_t, uc_sigmask) + 8);
  CHECK_EQ(raise(SIGRTMIN), 0);
  CHECK(memcmp(&before, info, sizeof before) == 0);
  CHECK(memcmp(&known, context, offsetof(ucontext_t, uc_sigmask) + 8) == 0);
  ran++;
}

static void handler(int number, siginfo_t *given, void *interrupted) {
  (void)number;
  info = given, context = interrupted;
  char *sp = (char *)REGISTER(interrupted, RSP) - 4096;
  on((char *)((unsigned long)sp & ~15ul), worker);
  REGISTER(interrupted, RIP) += POKE_SIZE;
}

int main(void) {
  struct guest *guest = beta(), *other = delta();
  guest->answer = RETURN;
  guest->install(SIGRTMIN, SA_SIGINFO | SA_RESTART);
  other->install(SIGUSR1, SA_SIGINFO);  // a party, whose requests are its own
  other->found.sa_handler = SIG_IGN;
  other->restore(SIGRTMIN);  // so that the dispatcher takes it
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  CHECK_EQ(sigaction(SIGSEGV, &action, 0), 0);
  stack_t stack = {.ss_sp = map(SIZE, PROT_READ | PROT_WRITE), .ss_size = SIZE};
  CHECK_EQ(sigaltstack(&stack, 0), 0);
  guest->install(SIGSEGV, SA_SIGINFO | SA_ONSTACK);
  guest->answer = RESET;
  for (int n = 1; n <= 5; n++) {
    poke(NOWHERE);
    CHECK_EQ(ran, n);
  }
}
