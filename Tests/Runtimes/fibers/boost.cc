// Fibers by Boost.Context's fcontext (libboost_context.so): its switch is assembly.
extern "C" {
#include "fibers.h"
struct transfer { void *from, *data; };
void *make_fcontext(void *top, size_t size, void (*function)(transfer));
transfer jump_fcontext(void *to, void *data);
}
static void *back[64];
static void entry(transfer arrival) {
  back[here()] = arrival.from;
  fiber_body((struct fiber *)arrival.data);
  jump_fcontext(back[here()], nullptr);
}
static void fiber_make(struct fiber *fiber) {
  char *low = (char *)malloc(STACK);
  fiber->resume = make_fcontext(low + STACK, STACK, entry);
}
static void fiber_yield(void) { back[here()] = jump_fcontext(back[here()], nullptr).from; }
static void fiber_resume(struct fiber *fiber) {
  fiber->resume = jump_fcontext(fiber->resume, fiber).from;
}
