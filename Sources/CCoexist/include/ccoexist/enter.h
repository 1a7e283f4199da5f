// Entering a context by hand, where nothing has changed since this thread entered it last, takes no
// atomic operation, which alone would cost more than all the rest (coexist_enter_1 of coexist.h).
//
// A context that one thread uses is biased to it: `base` is that thread's FS base. The thread says
// in `inside` that it goes in, and looks whether it still has the bias. Whoever else wants the
// context takes the bias away for good, makes all threads pass a barrier (membarrier(2)), and looks
// at `inside`. Either the first one's store is seen by then, or its look comes after the barrier
// and finds no bias. From then on `owner` decides (CoexistCore/ThreadLocal/Entered.swift). Nobody
// may rely on a barrier that another has only begun (Tests/Models/biased_enter.pml has all orders).
//
// Such an entry does not look at the thread's vector either. The first one by this thread did
// (Entered.current), it never gets older, and a thread that is born at the same place later has one
// that knows all modules of its time (glibc elf/dl-tls.c, _dl_allocate_tls_init); those of the plan
// stay loaded. What changes them changes coexist_plans_1, or `again`, too.
#pragma once

#include <ccoexist/donor.h>
#include <ccoexist/tables.h>
#include <ccoexist/tls.h>

// `base` of a context that several threads use, and while the barrier before that is not over; 0:
// the first that enters it has it.
enum { COEXIST_SHARED = 1, COEXIST_SHARED_SOON = 2 };

static inline uint64_t coexist_bias_of(const struct coexist_context *context) COEXIST_SIGSAFE {
  return __atomic_load_n(&context->base, __ATOMIC_ACQUIRE);
}
// The thread of the bias goes in. 0: the bias has been taken away.
static inline int coexist_inside_take(struct coexist_context *context) COEXIST_SIGSAFE {
  __atomic_store_n(&context->inside, context->self, __ATOMIC_RELAXED);
  __asm__ volatile("" : : : "memory");
  if (__atomic_load_n(&context->base, __ATOMIC_ACQUIRE) == coexist_base_now()) return 1;
  __atomic_store_n(&context->inside, (struct coexist_tls_self *)0, __ATOMIC_RELEASE);
  return 0;
}
static inline int coexist_bias_take(struct coexist_context *context) COEXIST_SIGSAFE {
  uint64_t nobody = 0, base = coexist_base_now();
  if (!__atomic_compare_exchange_n(&context->base, &nobody, base, 0, __ATOMIC_ACQ_REL,
                                   __ATOMIC_ACQUIRE))
    return 0;
  context->self = coexist_self_at(base);
  return 1;
}
// From now on `owner` decides; `inside` still tells of who was.
static inline void coexist_bias_end(struct coexist_context *context) COEXIST_SIGSAFE {
  enum { BARRIER = 324, PRIVATE_EXPEDITED = 8 };
  uint64_t nobody = 0;
  if (coexist_bias_of(context) == COEXIST_SHARED ||
      __atomic_compare_exchange_n(&context->base, &nobody, (uint64_t)COEXIST_SHARED, 0,
                                  __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
    return;
  __atomic_store_n(&context->base, (uint64_t)COEXIST_SHARED_SOON, __ATOMIC_SEQ_CST);
  coexist_syscall4(BARRIER, PRIVATE_EXPEDITED, 0, 0, 0);
  __atomic_store_n(&context->base, (uint64_t)COEXIST_SHARED, __ATOMIC_RELEASE);
}
// 1 = the kernel has the barrier, so contexts may be biased. Also after fork(2), not after exec(2).
static inline int coexist_bias_begin(void) {
  enum { BARRIER = 324, REGISTER_PRIVATE_EXPEDITED = 16, NO = 1, YES = 2 };
  static uint32_t known;  // (atomic)
  uint32_t answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (answer == 0) {
    long error = coexist_syscall4(BARRIER, REGISTER_PRIVATE_EXPEDITED, 0, 0, 0);
    __atomic_store_n(&known, answer = error == 0 ? YES : NO, __ATOMIC_RELAXED);
  }
  return answer == YES;
}
// Whoever is inside, by either way; NULL = nobody.
static inline struct coexist_tls_self *coexist_context_holder(const struct coexist_context *context)
    COEXIST_SIGSAFE {
  struct coexist_tls_self *owner = __atomic_load_n(&context->owner, __ATOMIC_RELAXED);
  return owner != 0 ? owner : __atomic_load_n(&context->inside, __ATOMIC_RELAXED);
}
static inline struct coexist_swap *coexist_context_one(struct coexist_context *context) {
  return &context->one;
}

// Variables that are copied: those of the context take the place of the thread's, on the way in, or
// theirs on the way out. 0: something is not as it was the last time; the core decides.
__attribute__((always_inline)) static inline int coexist_copies_again(
    struct coexist_tls_self *me, struct coexist_context *context, int goes_in) {
  struct coexist_copies *own = me->copies, *others = context->copies;
  uint32_t count = __atomic_load_n(&coexist_copied_count, __ATOMIC_ACQUIRE);
  if (own == 0 || others == 0 || own->ranges != count || others->ranges != count ||
      own->loaded != (goes_in ? 0 : context))
    return 0;
  if (goes_in) coexist_copies_exchange(own->bytes, others->bytes);
  else coexist_copies_exchange(others->bytes, own->bytes);
  own->loaded = goes_in ? context : 0;
  return 1;
}
// Does no fiber's stack lie here? What the thread holds then is its own (Identity.ofStack).
static inline int coexist_is_own_stack(const struct coexist_tls_self *me) {
  const struct coexist_thread *thread = coexist_thread_self();
  uint64_t sp = (uint64_t)__builtin_frame_address(0);
  return thread != 0 && me->nested == 0 && thread->stack_low != 0 && sp >= thread->stack_low &&
         sp < thread->stack_high;
}

// What coexist_enter_1 leaves out: several modules, aligned blocks, variables that are copied. -1 =
// the core decides.
void coexist_core_context_load(struct coexist_context *context);
static inline int coexist_enter_again(struct coexist_context *context) {
  struct coexist_tls_self *me = context->self;
  if (coexist_bias_of(context) != coexist_base_now() ||
      context->modules_seen != __atomic_load_n(&coexist_plans_1, __ATOMIC_ACQUIRE) ||
      me->entered != 0 || __atomic_load_n(&context->inside, __ATOMIC_ACQUIRE) != 0)
    return -1;
  me->entered = context;
  __asm__ volatile("" : : : "memory");
  if (!coexist_inside_take(context) || me->size != 0) {
    __atomic_store_n(&context->inside, (struct coexist_tls_self *)0, __ATOMIC_RELEASE);
    me->entered = 0;
    return -1;
  }
  coexist_swaps_install(coexist_tls_dtv(), context->swaps, context->swaps_count);
  if (__atomic_load_n(&coexist_copied_count, __ATOMIC_RELAXED) &&
      !coexist_copies_again(me, context, 1))
    coexist_core_context_load(context);
  return 0;
}
static inline int coexist_leave_again(struct coexist_context *context) {
  struct coexist_tls_self *me = context->self;
  if (coexist_bias_of(context) != coexist_base_now() || me->entered != context ||
      context->outer != 0 || me->native_size == COEXIST_TLS_EVERYWHERE)
    return -1;
  coexist_swaps_remove(coexist_tls_dtv(), context->swaps, context->swaps_count);
  __asm__ volatile("" : : : "memory");
  if (__atomic_load_n(&coexist_copied_count, __ATOMIC_RELAXED) &&
      !(coexist_is_own_stack(me) && coexist_copies_again(me, context, 0)))
    coexist_core_context_load(0);
  __atomic_store_n(&context->inside, (struct coexist_tls_self *)0, __ATOMIC_RELEASE);
  me->entered = 0;
  return 0;
}
