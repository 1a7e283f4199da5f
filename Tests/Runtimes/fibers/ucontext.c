// Fibers by makecontext(3) and swapcontext(3), stacks from malloc(3).
#include "fibers.h"
#include <ucontext.h>

static ucontext_t back[64];
static void entry(unsigned high, unsigned low) {
  fiber_body((struct fiber *)((unsigned long)high << 32 | low));
  setcontext(&back[here()]);
}
static void fiber_make(struct fiber *fiber) {
  ucontext_t *context = malloc(sizeof *context);
  getcontext(context);
  context->uc_stack.ss_sp = malloc(STACK);
  context->uc_stack.ss_size = STACK;
  context->uc_link = NULL;
  unsigned long self = (unsigned long)fiber;
  makecontext(context, (void (*)(void))entry, 2, (unsigned)(self >> 32), (unsigned)self);
  fiber->resume = context;
}
static void fiber_yield(void) {
  swapcontext(current_of_thread[here()]->resume, &back[here()]);
}
static void fiber_resume(struct fiber *fiber) { swapcontext(&back[here()], fiber->resume); }
