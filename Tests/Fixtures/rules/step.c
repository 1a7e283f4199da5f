// Single-stepping with the trap flag (Intel SDM, EFLAGS.TF): a SIGTRAP after each instruction. One
// handler declines each, the other counts, and switches the flag off in the context at the end.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static int steps;

static void count(int s, siginfo_t *info, void *context) {
  (void)s;
  unsigned long flags;
  __asm__("pushf\n\tpop %0" : "=r"(flags));
  CHECK_EQ(flags & 0x100, 0);
  CHECK_EQ(info->si_code, TRAP_TRACE);
  if (++steps == 500) REGISTER(context, EFL) &= ~0x100l;
}

int main(void) {
  struct guest *b = beta();
  struct sigaction mine = action(count, SA_SIGINFO);
  CHECK_EQ(sigaction(SIGTRAP, &mine, 0), 0);
  alpha()->install(SIGTRAP, SA_SIGINFO), alpha()->answer = PREVIOUS;
  b->install(SIGTRAP, SA_SIGINFO | SA_ONSTACK), b->answer = RESET;
  long sum = 0;
  __asm__ volatile("pushf\n\torl $0x100, (%%rsp)\n\tpopf\n\t"
                   "mov $1000, %%ecx\n1:\tadd %%rcx, %0\n\tdec %%ecx\n\tjnz 1b"
                   : "+r"(sum)
                   :
                   : "rcx", "cc", "memory");
  CHECK_EQ(sum, 500500);
  CHECK_EQ(steps, 500);
}
