// Stacks that a program makes and leaves by libc's functions (ucontext) or Boost.Context's;
// contexts by hand (coexist.h).
#include "donor.h"
#include "proxy.h"

#define COEXIST_IMPLEMENTATION 1
#include <ccoexist/elf.h>
#include <ccoexist/enter.h>
#include <coexist.h>
#include <stdarg.h>
#include <string.h>

// arch/x86_64/context_switch.S: where a fiber's function returns to, and then.
extern const char coexist_fiber_ended[];
uint64_t coexist_fiber_rest __attribute__((visibility("hidden")));

// The function of a fiber returns to libc's __start_context, whose address libc put at the stack
// pointer (glibc sysdeps/unix/sysv/linux/x86_64/makecontext.c); ours goes in front of it.
static void announce(ucontext_t *context, uint64_t caller) {
  uint64_t low = (uint64_t)context->uc_stack.ss_sp;
  coexist_core_stack_announced(low, low + context->uc_stack.ss_size, caller);
  uint64_t *sp = (uint64_t *)context->uc_mcontext.gregs[REG_RSP];
  coexist_fiber_rest = sp[0];
  sp[0] = (uint64_t)coexist_fiber_ended;
}

EXPORT void makecontext(ucontext_t *context, void (*function)(void), int count, ...) {
  enum { MOST = 24 };
  long a[MOST] = {0};
  va_list list;
  va_start(list, count);
  for (int i = 0; i < count && i < MOST; i++) a[i] = va_arg(list, long);
  va_end(list);
  int active = coexist_ready();
  coexist_real.makecontext(context, function, count, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7],
                           a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15], a[16], a[17],
                           a[18], a[19], a[20], a[21], a[22], a[23]);
  if (active && count <= MOST) announce(context, CALLER);
}

static void leave_for(const ucontext_t *next) {
  if (__atomic_load_n(&coexist_tls_active, __ATOMIC_RELAXED))
    coexist_core_stack_switch((uint64_t)__builtin_frame_address(0),
                              (uint64_t)next->uc_mcontext.gregs[REG_RSP]);
}
EXPORT int swapcontext(ucontext_t *here, const ucontext_t *next) {
  if (UNLIKELY(coexist_real.swapcontext == 0)) coexist_resolve();
  leave_for(next);
  __attribute__((musttail)) return coexist_real.swapcontext(here, next);
}
EXPORT int setcontext(const ucontext_t *next) {
  if (UNLIKELY(coexist_real.setcontext == 0)) coexist_resolve();
  leave_for(next);
  __attribute__((musttail)) return coexist_real.setcontext(next);
}

// Boost.Context's: it tells where a fiber's stack is. Found anew at each call: a library may carry
// a copy of its own, which only it should reach.
EXPORT void *make_fcontext(void *top, size_t size, void *function) {
  uint64_t caller = CALLER;
  uint64_t real = coexist_object_defining("make_fcontext", caller, (uint64_t)make_fcontext);
  if (real == 0) return NULL;
  if (coexist_ready()) coexist_core_stack_announced((uint64_t)top - size, (uint64_t)top, caller);
  return ((void *(*)(void *, size_t, void *))real)(top, size, function);
}

// What context_switch.S and the fiber's end call.
void coexist_fiber_end(uint64_t sp) {
  coexist_core_stack_ended(sp);
  // uc_link is above: libc sets it by its own name, which no preload can see.
  const ucontext_t *next = *(ucontext_t **)sp;
  if (next != NULL) leave_for(next);
}

// ---- Contexts by hand ----

// coexist_enter_1 and coexist_leave_1 know these by number.
#define SAME(field, other, at)                                      \
  _Static_assert(offsetof(struct coexist_context, field) == (at) && \
                     offsetof(struct coexist_plan_1, other) == (at), "coexist.h")
SAME(base, base, 24);
SAME(self, self, 32);
SAME(inside, inside, 40);
SAME(again, version, 48);
SAME(one.own, own, 56);
SAME(one.place, place, 64);
SAME(one.before.value, value, 72);
SAME(one.before.to_free, to_free, 80);
#undef SAME
_Static_assert(offsetof(struct coexist_tls_self, size) == 16 &&
                   offsetof(struct coexist_tls_self, entered) == 32, "coexist.h");

EXPORT coexist_context_t coexist_context_create(void) {
  uint64_t caller = (uint64_t)__builtin_return_address(0);
  return coexist_ready() ? coexist_core_context_create(caller) : NULL;
}
// clang takes what no musttail call follows for unlikely, and moves it into a function of its own;
// but not out of one that is never inlined (LLVM HotColdSplitting.cpp, shouldOutlineFrom).
#define WHOLE __attribute__((noinline))
WHOLE EXPORT int coexist_context_enter(coexist_context_t context) {
  if (UNLIKELY(context == NULL)) return 0;
  if (coexist_enter_again(context) == 0) return 0;
  __attribute__((musttail)) return coexist_core_context_enter(context);
}
WHOLE EXPORT int coexist_context_leave(coexist_context_t context) {
  if (UNLIKELY(context == NULL)) return 0;
  if (coexist_leave_again(context) == 0) return 0;
  __attribute__((musttail)) return coexist_core_context_leave(context);
}
EXPORT int coexist_context_destroy(coexist_context_t context) {
  if (context == NULL) return 0;
  struct coexist_proxy *proxy = context->proxy;
  int error = coexist_donor_end(context);
  if (error != 0) return error;
  error = coexist_core_context_destroy(context);
  if (error == 0 && proxy != NULL) coexist_proxy_end(proxy);
  return error;
}
EXPORT coexist_context_t coexist_context_current(void) {
  uint64_t sp = (uint64_t)__builtin_frame_address(0);
  return coexist_ready() ? coexist_core_context_current(sp) : NULL;
}
EXPORT int coexist_module_policy(const char *library, int policy) {
  return coexist_ready() ? coexist_core_module_policy(library, (uint32_t)policy) : 0;
}

// arch/x86_64/stack_switch.S
void *coexist_call_on(uint64_t top, void *(*function)(void *), void *argument);

EXPORT int coexist_call(coexist_context_t context, size_t stack_size, void *(*function)(void *),
                        void *argument, void **result) {
  void *value;
  if (context == NULL) {
    value = function(argument);
  } else if (__atomic_load_n(&coexist_tls_proxies, __ATOMIC_ACQUIRE)) {
    int error = coexist_proxy_call(context, stack_size, function, argument, &value);
    if (error != 0) return error;
  } else if (__atomic_load_n(&coexist_tls_lends, __ATOMIC_ACQUIRE)) {
    int error = coexist_donor_call(context, stack_size, function, argument, &value);
    if (error != 0) return error;
  } else {
    uint64_t top = coexist_core_context_stack(context, stack_size);
    if (top == 0) return ENOMEM;
    int error = coexist_core_context_enter(context);
    if (error != 0) return error;
    coexist_core_stack_begin(context);
    value = coexist_call_on(top, function, argument);
    coexist_core_stack_end(context);
    coexist_core_context_leave(context);
  }
  if (result != NULL) *result = value;
  return 0;
}
