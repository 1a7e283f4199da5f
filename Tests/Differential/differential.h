// A random program over the calls that coexist stands in for, made from a seed, and the trace of
// what it saw. The same seed gives the same trace, on any machine and in any company: threads take
// turns, and whoever sends a signal waits until it has arrived.
#pragma once

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <ucontext.h>

enum {
  MOST_THREADS = 3,
  HANDLERS = 4,
  MOST_NESTING = 3,   // handlers in handlers that still do something
  ALTSTACK = 64 * 1024,
};

// ---- trace.c: what the program saw, and its random numbers ----

void trace_begin(uint64_t seed);
void trace_child(uint64_t seed);           // goes on in the same trace with other numbers
void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *trace_text(void);
uint32_t chance(uint32_t below);           // the next number of this program
static inline int one_in(uint32_t n) { return chance(n) == 0; }
uint64_t word_of(const sigset_t *set);     // signal n is bit n - 1
sigset_t random_set(void);
int random_signal(void);
void trace_action(const char *call, int signal, int result, const struct sigaction *old);

// ---- threads.c: threads that take turns ----

struct thread {
  int index, tid;
  pthread_t id;
  int command;             // (futex) 0: none
  int busy, alive;
  int nesting;             // handlers running
  sigjmp_buf home;
  int may_jump;
  int reads;               // waits in a call that a signal interrupts
  char *altstack;
  volatile int arrived;    // handlers begun
};
extern _Thread_local struct thread *self;
extern struct thread threads[MOST_THREADS];
extern int thread_count, most_threads;
void take_turns(int steps);
void settle(void);  // every signal sent so far has arrived, or is blocked
struct thread *random_thread(void);

// ---- handlers.c ----

#define NOWHERE ((void *)16)
void install_handler(struct sigaction *action, int number);  // 0 and 1 are given siginfo
const char *handler_name(const struct sigaction *action);

// ---- actions.c, masks.c, sends.c, waits.c, children.c: one step each ----

// For the comparison with company, which has a handler for everything: nothing here whose outcome
// another party's handler may rightly change (Limitations).
extern int careful;
int may_ignore(int signal);
int is_wanted(int signal);
int may_send(int signal);
static inline int is_fault(int signal) {
  return signal == SIGSEGV || signal == SIGFPE || signal == SIGTRAP || signal == SIGSYS;
}

void step_action(void);
void step_mask(void);
void step_send(void);
void step_wait(void);
void step_stack(void);
void step_timer(void);
void step_fault(void);
void step_child(void);
void step_interrupt(void);
void send_to_itself(int signal);  // by a random name; also in a handler
