// liburcu-bp as the core sees it. LGPL inline readers (_LGPL_SOURCE) with initial-exec TLS: a few
// loads and a store. Source: urcu/static/urcu-bp.h.
//
// Registration takes a lock and may map memory (1 µs), so it happens when a runtime's thread first
// maps code or closes pages, never in the dispatcher: a reader on a thread that liburcu does not
// know is counted instead, and a writer that sees such a reader puts its reclamation off. liburcu
// registers with all signals blocked, so a handler that maps memory may be the first, too.
#pragma once

#define _LGPL_SOURCE 1
#include <urcu/urcu-bp.h>
#include <ccoexist/sigsafe.h>
#include <ccoexist/tables.h>

COEXIST_INITIAL_EXEC_BEGIN
static inline void coexist_rcu_register(void) {
  if (__builtin_expect(URCU_TLS(urcu_bp_reader) == 0, 0)) urcu_bp_register_thread();
}

static inline void coexist_rcu_enter(void) COEXIST_SIGSAFE {
  struct urcu_bp_reader *reader = URCU_TLS(urcu_bp_reader);
  if (__builtin_expect(reader == 0, 0)) {
    __atomic_fetch_add(&coexist_unregistered, 1, __ATOMIC_SEQ_CST);
    return;
  }
  cmm_barrier();
  _urcu_bp_read_lock_update(reader->ctr);
}

static inline void coexist_rcu_leave(void) COEXIST_SIGSAFE {
  struct urcu_bp_reader *reader = URCU_TLS(urcu_bp_reader);
  if (__builtin_expect(reader == 0, 0)) {
    __atomic_fetch_sub(&coexist_unregistered, 1, __ATOMIC_SEQ_CST);
    return;
  }
  urcu_bp_smp_mb_slave();
  _CMM_STORE_SHARED(reader->ctr, reader->ctr - URCU_BP_GP_COUNT);
  cmm_barrier();
}
COEXIST_INITIAL_EXEC_END

// Waits until no reader that was inside is inside any more. Returns 0 when a reader that liburcu
// does not know may still be, so that nothing may be reused yet.
static inline int coexist_rcu_synchronize(void) {
  urcu_bp_synchronize_rcu();
  return __atomic_load_n(&coexist_unregistered, __ATOMIC_SEQ_CST) == 0;
}
