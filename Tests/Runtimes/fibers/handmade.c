// Fibers by a switch written by hand, which nobody is told of; stacks from mmap(2).
#include "fibers.h"

void jump(void **save, void *to);
__asm__(
    ".text\n.globl jump\njump:\n"
    "push %rbp\npush %rbx\npush %r12\npush %r13\npush %r14\npush %r15\n"
    "mov %rsp, (%rdi)\nmov %rsi, %rsp\n"
    "pop %r15\npop %r14\npop %r13\npop %r12\npop %rbx\npop %rbp\nret\n");

static void *back[64];
static void entry(void) {
  fiber_body(current_of_thread[here()]);
  void *unused;
  jump(&unused, back[here()]);
}
static void fiber_make(struct fiber *fiber) {
  char *low = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
#ifdef GUARD
  mprotect(low, 4096, PROT_NONE);
#endif
  void **sp = (void **)(low + STACK - 16);
  *--sp = 0;
  *--sp = (void *)entry;
  sp -= 6;
  fiber->resume = sp;
}
static void fiber_yield(void) {
  jump(&current_of_thread[here()]->resume, back[here()]);
}
static void fiber_resume(struct fiber *fiber) { jump(&back[here()], fiber->resume); }
