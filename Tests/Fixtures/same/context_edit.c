// What a handler writes into its context is what the program resumes with: RIP, RSP, registers,
// flags, XMM and the mask (rt_sigreturn, arch/x86/kernel/signal_64.c).
// company: yes
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

static char other_stack[65536] __attribute__((aligned(16)));
static unsigned long returned[3];
static ucontext_t main_context;

static void landing(long a, long b, unsigned long top) {
  char here;
  CHECK(&here > other_stack && &here < other_stack + sizeof other_stack);
  returned[0] = a, returned[1] = b, returned[2] = top;
  setcontext(&main_context);
}

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  ucontext_t *context = c;
  unsigned long top = (unsigned long)(other_stack + sizeof other_stack - 8);
  REGISTER(c, RIP) = (long)landing;
  REGISTER(c, RSP) = top;
  REGISTER(c, RDI) = 111, REGISTER(c, RSI) = 222, REGISTER(c, RDX) = top;
  sigaddset(&context->uc_sigmask, SIGWINCH);
}

static void change_xmm(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  ((ucontext_t *)c)->uc_mcontext.fpregs->_xmm[7].element[0] = 0x12345678;
  REGISTER(c, RAX) = 77;
  REGISTER(c, EFL) |= 1;
  REGISTER(c, RIP) += POKE_SIZE;
}

int main(void) {
  struct sigaction new = action(handler, SA_SIGINFO);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  volatile int faulted = 0;
  getcontext(&main_context);
  if (!faulted++) poke(NOWHERE);
  CHECK_EQ(returned[0], 111);
  CHECK_EQ(returned[1], 222);
  CHECK_EQ(returned[2], (long)(other_stack + sizeof other_stack - 8));

  new = action(change_xmm, SA_SIGINFO);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  long xmm, rax, carry = 0;
  __asm__ volatile("pxor %%xmm7, %%xmm7\n\txor %%eax, %%eax\n\tclc\n\tmovb $1, (%3)\n\t"
                   "setc %b2\n\tmovq %%xmm7, %0"
                   : "=r"(xmm), "=&a"(rax), "+r"(carry)
                   : "D"(NOWHERE)
                   : "xmm7", "cc", "memory");
  CHECK_EQ(xmm, 0x12345678);
  CHECK_EQ(rax, 77);
  CHECK_EQ(carry, 1);
  printf("mask %#lx\n", kernel_mask());
}
