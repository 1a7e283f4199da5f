// Policy "register": for the length of a coexist_call the OS thread's FS base is that of a parked
// thread, the context's donor. Then all of its thread-local state is the context's own, at
// addresses that never change, for code of any kind. Shared by preload/donor.c, the assembly, and
// Sources/CoexistCore/ThreadLocal/Donors.swift.
#pragma once

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <ccoexist/sigsafe.h>
#include <ccoexist/tables.h>
#include <ccoexist/tls.h>

enum coexist_donor_state {
  COEXIST_DONOR_IDLE = 0,
  COEXIST_DONOR_LENT = 1,    // an OS thread runs the call
  COEXIST_DONOR_ITSELF = 2,  // its own thread handles a signal that was sent to it
  COEXIST_DONOR_WAITS = 3,   // the call waits on a fiber that does not run
  COEXIST_DONOR_LEFT = 4,    // longjmp left the call; the context is still to be left by hand
};

struct coexist_donor {
  uint64_t base;               // its FS base. The assembly knows these three
  uint64_t outer_base;         // where the call returns to: the thread's own, or another donor's
  uint64_t host;               // (atomic) FS base of the OS thread that has it; 0 = nobody
  struct coexist_donor *outer; // lent to the same thread before this one
  struct coexist_tls_self *own_self, *host_self;
  struct coexist_thread **record;  // its coexist_self: the record of the OS thread that has it
  struct coexist_thread *own_record;
  struct coexist_context *context;
  struct coexist_donor *next;  // of all that were ever made
  uint64_t pending;            // (atomic) signals on their way to whoever has it
  uint64_t kept;               // (atomic) signals that wait for its own thread
  uint32_t state;              // (atomic) enum coexist_donor_state
  uint32_t leaving;            // (atomic) the OS thread is about to let go of it
  uint32_t turn;               // (atomic) what its own thread does next
  int32_t host_tid, tid, process;
  int32_t *libc_tid;           // its tid in libc's descriptor; not 0 = libc keeps the memory
  pthread_t id;                // 0 = free
};
_Static_assert(offsetof(struct coexist_donor, base) == 0, "stack_switch.S, signal_entry.S");
_Static_assert(offsetof(struct coexist_donor, outer_base) == 8, "stack_switch.S");
_Static_assert(offsetof(struct coexist_donor, host) == 16, "signal_entry.S");
_Static_assert(offsetof(struct coexist_donor, pending) == 80, "stack_switch.S");
_Static_assert(offsetof(struct coexist_donor, leaving) == 100, "stack_switch.S");
_Static_assert(offsetof(struct coexist_tls_self, donor) == 80, "signal_entry.S");

extern struct coexist_donor *coexist_donors;  // (atomic) newest

// Not through a thread-local address: the compiler may have kept one from before a change.
static inline uint64_t coexist_base_now(void) COEXIST_SIGSAFE {
  uint64_t base;
  __asm__ volatile("mov %%fs:0, %0" : "=r"(base));
  return base;
}
static inline void coexist_base_set(uint64_t base) COEXIST_SIGSAFE {
  __asm__ volatile("wrfsbase %0" : : "r"(base) : "memory");
}
// What is remembered under this base. Each thread's lies at the same distance from its base.
static inline struct coexist_tls_self *coexist_self_at(uint64_t base) COEXIST_SIGSAFE {
  uint64_t offset;
  __asm__("mov coexist_tls_self@GOTTPOFF(%%rip), %0" : "=r"(offset));
  return (struct coexist_tls_self *)(base + offset);
}
static inline struct coexist_thread **coexist_record_at(uint64_t base) COEXIST_SIGSAFE {
  uint64_t offset;
  __asm__("mov coexist_self@GOTTPOFF(%%rip), %0" : "=r"(offset));
  return (struct coexist_thread **)(base + offset);
}
// The donor whose base is loaded now, NULL = the thread has its own.
static inline struct coexist_donor *coexist_donor_loaded(void) COEXIST_SIGSAFE {
  uint64_t base = coexist_base_now();
  struct coexist_donor *donor = coexist_self_at(base)->donor;
  return donor != 0 && donor->base == base && donor->host != 0 ? donor : 0;
}
// The context's owner while the donor's own thread handles a signal: neither free nor called.
static inline struct coexist_tls_self *coexist_donor_itself(const struct coexist_donor *donor)
    COEXIST_SIGSAFE {
  return (struct coexist_tls_self *)((uint64_t)donor->own_self | 1);
}
static inline struct coexist_donor **coexist_donors_head(void) COEXIST_SIGSAFE {
  return &coexist_donors;
}
// Before the thread lets go of the donor: what was sent to it under the donor's name comes first.
void coexist_donor_settles(struct coexist_donor *donor) COEXIST_SIGSAFE;
// Sends a signal to whoever runs under the donor's name. info NULL = as pthread_kill(3); else as
// pthread_sigqueue(3). Returns 0 or a positive errno value.
int coexist_donor_send(struct coexist_donor *donor, int signal, const siginfo_t *info)
    COEXIST_SIGSAFE;
enum { COEXIST_DONOR_SIGNALS = 1, COEXIST_DONOR_ENDS = 2, COEXIST_DONOR_BEGUN = 4 };  // its turn
void coexist_donor_turn(struct coexist_donor *donor, uint32_t what) COEXIST_SIGSAFE;

// Why calls into the object of this link map cannot run with a donor's base; NULL = they can.
const char *coexist_lend_refusal(uint64_t map);
