// Storage that the core works on: fixed-size, zero-initialised, never freed. Meaning is given by
// Sources/CoexistCore; the process-wide tables are in state.h, because other processes read them.
#pragma once

#include <stdatomic.h>
#include <signal.h>
#include <stdint.h>
#include <sys/types.h>
#include <ccoexist/catalogue.h>
#include <ccoexist/config.h>
#include <ccoexist/real.h>
#include <ccoexist/registers.h>
#include <ccoexist/sigsafe.h>
#include <ccoexist/state.h>

enum {
  COEXIST_DISPATCH_DEPTH = 8,   // signals handled inside handlers inside …, on one thread
  COEXIST_JOURNAL_MAX = 24,     // LLVM puts back 15 actions in its handler
  COEXIST_ALTSTACKS_MAX = 8,    // runtimes with an alternate stack on one thread
  COEXIST_HELD_MAX = 16,        // signals held back on one thread
  COEXIST_MODULES_MAX = 2048,
  COEXIST_CAUSES_MAX = 256,
  COEXIST_BLOCK_SIZE = 256 * 1024,  // thread record, guard page, alternate stack: one aligned block
  COEXIST_RECORD_SIZE = 28 * 1024,
  COEXIST_GUARD_SIZE = 4096,
  COEXIST_ALTSTACK_SIZE = COEXIST_BLOCK_SIZE - COEXIST_RECORD_SIZE - COEXIST_GUARD_SIZE,
};
#define COEXIST_THREAD_MAGIC 0x6461657268547843ull
#define COEXIST_DISPATCH_MAGIC 0x6863746170736944ull

// Where signal_entry.S goes next: the handler, which returns to our restorer; sp is where its
// ucontext lies. A pointer with bit 0 set is no jump but a ucontext, for rt_sigreturn.
struct coexist_jump {
  uint64_t target, sp, arg0, arg1, arg2;
  uint64_t mask, sets_mask;  // to be set on the handler's stack, if it is not set already
};

enum coexist_pass {
  COEXIST_PASS_CLAIM = 0,   // everyone that can say "not mine" without a trace
  COEXIST_PASS_REPORT = 1,  // as natively: last installed first, reporters and those that abort
  COEXIST_PASS_BOTTOM = 2,  // the first installed, told that SIG_DFL is below it
};

// An action that a handler put back while it ran: how it declines. Applied only if it meant it.
struct coexist_journal_entry {
  uint16_t signal, reserved[3];
  struct coexist_action action;
};

// One signal being dispatched on one thread.
struct coexist_dispatch {
  uint64_t magic;
  struct coexist_thread *thread;
  uint64_t event;           // sequence in the flight recorder
  uint64_t asked;           // runtimes asked so far, one bit each
  uint64_t reported;        // of those, asked in the report pass
  uint64_t claimed;         // under `until = "all"`: runtimes that claimed
  uint64_t entered_ticks;   // of the processor; 0 = this one is not timed
  uint64_t handler_sp;      // the stack pointer around the handler, where its ucontext lies
  uint64_t return_ucontext; // address of the ucontext that was handed out
  int32_t signal;
  uint32_t pass;            // enum coexist_pass
  uint32_t runtime;         // being asked now
  uint32_t how;             // enum coexist_how: what it has said so far
  uint32_t rule;            // index + 1 of the configuration's rule, 0 = none
  uint32_t pc_owner, address_owner, thread_owner;
  uint32_t genuine;         // raised by the processor, not sent
  uint32_t progress;        // faults of this kind that made no progress before this one
  uint32_t restorable;      // altstack slot + 1 to re-arm at return (SS_AUTODISARM)
  uint32_t delivery;        // 1: each of `recipients` gets it; 0: asked one by one
  uint32_t ends;            // a recipient wants the default action
  uint32_t sender;          // runtime + 1, of a signal that says so; else 0
  uint64_t recipients;
  uint64_t hidden_before;   // the thread's hidden mask when the signal came
  uint8_t hidden_by_before[COEXIST_SIGNALS_MAX];
  uint64_t base;            // the mask that was in force, to which a handler adds its own
  uint64_t base_loaded, base_target;  // donors: loaded when the signal came; that it was sent to
  uint32_t in_wait;         // that was the mask of a wait, which ends with the signal
  uint64_t mask_shown;      // uc_sigmask as the handler was given it
  uint32_t journal_count;
  stack_t kernel_stack;     // uc_stack as the kernel wrote it
  struct coexist_registers registers;  // at the interrupted instruction
  uint64_t mask;
  siginfo_t info;
  struct coexist_jump jump;
  struct coexist_journal_entry journal[COEXIST_JOURNAL_MAX];
};

// What one runtime asked sigaltstack for on one thread.
struct coexist_altstack {
  uint32_t runtime;
  uint32_t used;  // 0 free; 2: rt_sigreturn may bring back an older stack than this
  stack_t stack;
};

// A signal that was delivered while those it is for had it blocked, and another kept it open.
struct coexist_held {
  uint64_t recipients;  // one bit each; 0 = free
  siginfo_t info;
};

// A mask that is in force while a call waits: sigsuspend(2), ppoll(2).
struct coexist_wait {
  uint64_t sp;      // of the call; 0 = none. A handler may have left it by longjmp
  uint64_t mask;    // the kernel's meanwhile
  uint64_t hidden;  // the thread's hidden mask around it
  uint64_t real;    // the kernel's mask around it, or COEXIST_WAIT_OPEN: as it is
  uint64_t is_over; // a handler of who waits has run
};
#define COEXIST_WAIT_OPEN UINT64_MAX  // no mask has the bit of SIGKILL

// The last fault that a handler returned from without a visible change.
struct coexist_last_fault {
  uint64_t hash, address, generation;
  uint64_t stuck;          // runtimes that returned from it too often, one bit each
  uint32_t runtime, count;
};

// What an address lay in when a signal came, and whose that was.
struct coexist_span {
  uint64_t low, size;
  uint64_t generation;  // of the state (coexist_state.generation) when it was looked up
  uint32_t runtime;
};
enum { COEXIST_SPANS_MAX = 2 };  // the instruction's and the address's

struct coexist_thread {
  uint64_t magic;
  struct coexist_thread *next_free;
  int32_t tid;
  uint32_t creator;           // runtime that called pthread_create
  uint64_t container;         // that the thread began in; 0 = none
  uint64_t stack_low, stack_high;  // usable bounds; 0 = not known
  uint64_t guard_low, guard_high;  // (atomic) pages that a runtime closed in the stack; 0 = none
  uint64_t altstack_low;      // ours
  uint64_t thread_pointer;    // its FS base; 0 = not seen
  uint64_t pins;              // address of its own words; 0 = none. Stays with the record
  uint32_t pins_next;         // where it looks first
  uint32_t ocaml_key;         // + 1, under which OCaml keeps it, by us; 0 = not by us
  uint64_t known_to;          // (atomic) collectors that stop it themselves, one bit each
  uint64_t registered;        // with those we have registered it
  uint32_t line;              // its line in the state, + 1; 0 = none
  uint32_t tasks;             // of a pool that it runs, one inside the other (TaskWatch.swift)
  uint32_t waits_for;         // (atomic) a task of this runtime, + 1
  uint32_t is_added;          // to a pool, by us
  uint64_t asleep;            // where it slept when the watch last looked; 0 = it ran
  uint32_t exit_rounds;
  uint32_t depth;
  void *(*start)(void *);
  void *argument;
  struct coexist_thread *next_known;  // all records ever made, newest first
  uint64_t tls_self;          // (atomic) its struct coexist_tls_self; 1 = somebody writes to it
  uint64_t asked_mask;        // what the program has last asked for by pthread_sigmask
  uint32_t asked_by;          // and the runtime that did
  uint32_t caught_up;         // with COEXIST_WORD_CLAIMS
  uint64_t hidden;            // signals that the program believes blocked, but others need
  uint64_t child_hidden;      // as `hidden`, of a child of vfork that uses this record
  uint64_t child_actions;     // signals whose action such a child has set
  struct coexist_wait wait;   // the innermost
  uint64_t handled_for;       // runtimes whose handlers ran since the wait began, one bit each
  uint32_t waiting;           // the runtime that called sigsuspend
  uint32_t exchanges;         // of COEXIST_WORD_EXCHANGES, those that its mask knows
  uint64_t world_stop;        // (atomic) the stop of the world that this thread is in; 0 = none
  uint8_t hidden_by[COEXIST_SIGNALS_MAX];  // the runtime that asked for the block
  uint64_t tags[COEXIST_SIGNALS_MAX];  // (atomic) senders of a signal on its way, one bit each
  uint64_t served[COEXIST_SIGNALS_MAX];  // the tags of the last one that had some; its thread's own
  uint64_t held_count;
  struct coexist_held held[COEXIST_HELD_MAX];  // in order of arrival
  struct coexist_last_fault last;
  struct coexist_span spans[COEXIST_SPANS_MAX];
  uint32_t altstacks_used;    // of these, the ones that ever held a request
  struct coexist_altstack altstacks[COEXIST_ALTSTACKS_MAX];
  struct coexist_dispatch dispatches[COEXIST_DISPATCH_DEPTH];
};

// A loaded ELF object that was looked at. Key: its link map and the start of its mapping.
struct coexist_module {
  uint64_t map;      // (atomic) struct link_map *; 0 = free, 1 = removed
  uint64_t start;
  uint32_t runtime;  // (atomic)
  uint32_t known;    // the catalogue knows it
};

extern struct coexist_state *coexist_state;      // the mapped file, or coexist_state_private
extern struct coexist_config coexist_config;
extern struct coexist_module coexist_modules[COEXIST_MODULES_MAX];
extern struct coexist_action coexist_inherited[COEXIST_SIGNALS_MAX];  // before main
extern uint64_t coexist_versions[COEXIST_SIGNALS_MAX];   // (atomic) grows with each request
extern uint64_t coexist_unregistered;  // (atomic) readers that liburcu does not know
extern void *coexist_core_copy;        // room for the copy that goes into a core file
// Not 0 while this thread's memory is lent to a child of vfork: our tables are not the child's.
// 1 = the child has changed nothing yet; 2 = its record's child_… fields hold.
extern _Thread_local uint32_t coexist_vfork_mark
    __attribute__((tls_model("initial-exec"), visibility("hidden")));
// Who made the thread, + 1; still there when its record has gone to another.
extern _Thread_local uint32_t coexist_maker
    __attribute__((tls_model("initial-exec"), visibility("hidden")));
extern _Thread_local struct coexist_thread *coexist_self
    __attribute__((tls_model("initial-exec"), visibility("hidden")));


static inline uint64_t *coexist_action_mask(struct sigaction *action) COEXIST_SIGSAFE {
  return (uint64_t *)&action->sa_mask;
}
// struct sigaction in the kernel's words and back. Signals 32 and 33 are libc's own.
static inline void coexist_action_read(const struct sigaction *from, struct coexist_action *to)
    COEXIST_SIGSAFE {
  to->handler = (uint64_t)from->sa_handler;
  to->flags = (uint64_t)(uint32_t)from->sa_flags;
  to->mask = *(const uint64_t *)&from->sa_mask;
  to->restorer = (uint64_t)from->sa_restorer;
}
static inline void coexist_action_write(const struct coexist_action *from, struct sigaction *to)
    COEXIST_SIGSAFE {
  for (unsigned i = 0; i < sizeof *to / 8; i++) ((volatile uint64_t *)to)[i] = 0;
  to->sa_handler = (void (*)(int))from->handler;
  to->sa_flags = (int)(uint32_t)from->flags;
  *(uint64_t *)&to->sa_mask = from->mask;
  to->sa_restorer = (void (*)(void))from->restorer;
}

static inline uint64_t coexist_current_sp(void) COEXIST_SIGSAFE {
  return (uint64_t)__builtin_frame_address(0);
}
static inline uint64_t coexist_ticks(void) COEXIST_SIGSAFE { return __builtin_ia32_rdtsc(); }
static inline void coexist_yield(void) COEXIST_SIGSAFE { coexist_syscall4(24, 0, 0, 0, 0); }
static inline void coexist_sleep(int64_t nanoseconds) COEXIST_SIGSAFE {
  int64_t time[2] = {0, nanoseconds};
  coexist_syscall4(35, (long)time, 0, 0, 0);
}
uint64_t coexist_minimum_stack(void) COEXIST_SIGSAFE;
uint64_t coexist_program_entry(void) COEXIST_SIGSAFE;  // AT_ENTRY
uint64_t coexist_find_restorer(void);  // the address that libc gives the kernel as sa_restorer
int coexist_errno(void) COEXIST_SIGSAFE;
// Would the kernel return EFAULT for these bytes? A write leaves any content.
int coexist_can_read(const void *bytes, uint64_t size) COEXIST_SIGSAFE;
int coexist_can_write(void *bytes, uint64_t size) COEXIST_SIGSAFE;
_Noreturn void coexist_out_of_memory(void) COEXIST_SIGSAFE;
struct coexist_line { char text[384]; };
// To the log file, or standard error.
void coexist_log_to(int fd);
void coexist_write_log(const char *text, uint64_t length) COEXIST_SIGSAFE;
const char *coexist_program_name(void) COEXIST_SIGSAFE;  // last part of the program's file name
uint64_t coexist_clock_ns(int clock) COEXIST_SIGSAFE;
int32_t coexist_gettid(void) COEXIST_SIGSAFE;
// The same without a system call, on a thread of libc's, not in a handler.
int32_t coexist_libc_tid(void);
int32_t coexist_getpid(void) COEXIST_SIGSAFE;
// A block of COEXIST_BLOCK_SIZE, aligned to it: record, closed guard page, alternate stack. NULL
// when there is no memory.
struct coexist_thread *coexist_block_map(void) COEXIST_SIGSAFE;
uint64_t coexist_stack_limit(void) COEXIST_SIGSAFE;  // RLIMIT_STACK, at most 1 GiB
uint64_t coexist_stack_end(void) COEXIST_SIGSAFE;    // of the main thread

COEXIST_INITIAL_EXEC_BEGIN
// The record of another thread: its FS base is its pthread_t, and our variable lies at the same
// distance from each. Valid as long as the pthread_t is.
static inline struct coexist_thread *coexist_thread_of(pthread_t id) COEXIST_SIGSAFE {
  int64_t offset = (int64_t)&coexist_self - (int64_t)__builtin_thread_pointer();
  return *(struct coexist_thread **)((int64_t)id + offset);
}
// The runtime that made a thread, + 1; 0 = we did not see it. Valid until it is joined.
static inline uint32_t coexist_maker_of(pthread_t id) COEXIST_SIGSAFE {
  int64_t offset = (int64_t)&coexist_maker - (int64_t)__builtin_thread_pointer();
  return *(uint32_t *)((int64_t)id + offset);
}
static inline void coexist_set_maker(uint32_t runtime) COEXIST_SIGSAFE {
  coexist_maker = runtime + 1;
}
static inline uint64_t coexist_thread_pointer(void) COEXIST_SIGSAFE {
  return (uint64_t)__builtin_thread_pointer();
}
static inline uint32_t coexist_in_vfork(void) COEXIST_SIGSAFE { return coexist_vfork_mark; }
// Whether the child of vfork has not changed anything of its own until now.
static inline int coexist_vfork_child_begins(void) COEXIST_SIGSAFE {
  if (coexist_vfork_mark != 1) return 0;
  coexist_vfork_mark = 2;
  return 1;
}
static inline struct coexist_thread *coexist_thread_self(void) COEXIST_SIGSAFE {
  return coexist_self;
}
static inline void coexist_thread_set_self(struct coexist_thread *thread) COEXIST_SIGSAFE {
  coexist_self = thread;
}
COEXIST_INITIAL_EXEC_END
static inline struct coexist_dispatch *coexist_thread_dispatch(struct coexist_thread *thread,
                                                               uint32_t index) COEXIST_SIGSAFE {
  return &thread->dispatches[index % COEXIST_DISPATCH_DEPTH];
}
static inline struct coexist_jump *coexist_dispatch_jump(struct coexist_dispatch *dispatch)
    COEXIST_SIGSAFE {
  return &dispatch->jump;
}
static inline uint64_t *coexist_thread_guard_low(struct coexist_thread *thread) COEXIST_SIGSAFE {
  return &thread->guard_low;
}
static inline uint64_t *coexist_thread_guard_high(struct coexist_thread *thread) COEXIST_SIGSAFE {
  return &thread->guard_high;
}
static inline struct coexist_altstack *coexist_thread_altstack(struct coexist_thread *thread,
                                                               uint32_t index) COEXIST_SIGSAFE {
  return &thread->altstacks[index % COEXIST_ALTSTACKS_MAX];
}
static inline struct coexist_span *coexist_thread_span(struct coexist_thread *thread,
                                                       uint32_t index) COEXIST_SIGSAFE {
  return &thread->spans[index % COEXIST_SPANS_MAX];
}
static inline struct coexist_journal_entry *coexist_dispatch_journal(
    struct coexist_dispatch *dispatch, uint32_t index) COEXIST_SIGSAFE {
  return &dispatch->journal[index % COEXIST_JOURNAL_MAX];
}
static inline struct coexist_module *coexist_module_at(uint64_t index) COEXIST_SIGSAFE {
  return &coexist_modules[index % COEXIST_MODULES_MAX];
}

// Words and elements by pointer: Swift 6 refuses C globals, and copies arrays as tuples.
static inline struct coexist_state *coexist_the_state(void) COEXIST_SIGSAFE {
  return coexist_state;
}
static inline struct coexist_config *coexist_the_config(void) COEXIST_SIGSAFE {
  return &coexist_config;
}
static inline struct coexist_rule *coexist_rule_at(uint32_t index) COEXIST_SIGSAFE {
  return &coexist_config.rules[index % COEXIST_RULES_MAX];
}
static inline const char *coexist_rule_name(uint32_t rule, uint32_t index) COEXIST_SIGSAFE {
  return coexist_config.rules[rule % COEXIST_RULES_MAX].order[index % COEXIST_RULE_ORDER_MAX];
}
static inline const struct coexist_tls_rule *coexist_tls_rule_at(uint32_t index) COEXIST_SIGSAFE {
  return &coexist_config.tls_rules[index % COEXIST_TLS_RULES_MAX];
}
static inline const char *coexist_tls_rule_library(uint32_t rule, uint32_t index) COEXIST_SIGSAFE {
  return coexist_config.tls_rules[rule % COEXIST_TLS_RULES_MAX]
      .libraries[index % COEXIST_PATTERNS_MAX];
}
static inline uint16_t *coexist_signal_link(struct coexist_signal *signal, uint32_t runtime)
    COEXIST_SIGSAFE {
  return &signal->link[runtime % COEXIST_RUNTIMES_MAX];
}
static inline uint32_t *coexist_signal_installed(struct coexist_signal *signal) COEXIST_SIGSAFE {
  return &signal->installed;
}
static inline uint32_t *coexist_signal_installed_runtime(struct coexist_signal *signal)
    COEXIST_SIGSAFE {
  return &signal->installed_runtime;
}
static inline uint64_t *coexist_signal_claimed(struct coexist_signal *signal, uint32_t runtime)
    COEXIST_SIGSAFE {
  return &signal->claimed[runtime % COEXIST_RUNTIMES_MAX];
}
static inline uint32_t *coexist_signal_latency(struct coexist_signal *signal, uint32_t bucket)
    COEXIST_SIGSAFE {
  return &signal->latency[bucket % COEXIST_LATENCY_BUCKETS];
}
static inline struct coexist_region *coexist_region_at(struct coexist_region_table *table,
                                                       uint64_t index) COEXIST_SIGSAFE {
  return &table->regions[index % COEXIST_REGIONS_MAX];
}
static inline struct coexist_tried *coexist_event_tried(struct coexist_event *event, uint32_t index)
    COEXIST_SIGSAFE {
  return &event->tried[index % COEXIST_TRIED_MAX];
}
static inline struct coexist_action *coexist_inherited_at(uint32_t signal) COEXIST_SIGSAFE {
  return &coexist_inherited[signal % COEXIST_SIGNALS_MAX];
}
enum coexist_word {
  COEXIST_WORD_PROTECTIONS, COEXIST_WORD_FREE_ACTIONS, COEXIST_WORD_FREE_THREADS,
  COEXIST_WORD_NEXT_ACTION, COEXIST_WORD_SEQUENCE, COEXIST_WORD_REGIONS_LOCK,
  COEXIST_WORD_TICK_SCALE, COEXIST_WORD_START_TICKS, COEXIST_WORD_START_NS,
  COEXIST_WORD_LIBC_RESTORER, COEXIST_WORD_WARNED_FULL, COEXIST_WORD_KNOWN_THREADS,
  COEXIST_WORD_CLAIMED_SIGNALS, COEXIST_WORD_HIDDEN_SIGNALS,
  COEXIST_WORD_CLAIMS, COEXIST_WORD_WORLD, COEXIST_WORD_WORLD_STOP,
  COEXIST_WORD_WORLD_THREADS,
  // Runtimes that wait for threads to stop, one bit each; by which signals; looks after them.
  COEXIST_WORD_STRAGGLERS, COEXIST_WORD_STRAGGLERS_SIGNALS, COEXIST_WORD_STRAGGLERS_LOOKS,
  COEXIST_WORD_CHILD_MAKERS,     // runtimes that ever made a child, one bit each
  COEXIST_WORD_CHILDREN_COMING,  // threads that are making one just now
  COEXIST_WORD_FORKED_RUNTIMES,  // that were there when this process was forked, one bit each
  // Runtimes with small stacks, one bit each; those for which the plans have been made.
  COEXIST_WORD_SMALL_STACKS, COEXIST_WORD_SMALL_STACKS_PLANNED,
  COEXIST_WORD_DISPATCHES,       // the dispatcher has ever been installed
  COEXIST_WORD_STACK_OPENERS,    // objects that asked for executable stacks when last counted
  // Waits for tasks by other runtimes' threads; the watch over them: when its last step was, how
  // many there were, and since which nobody has moved; threads that it has added.
  COEXIST_WORD_TASK_WAITS, COEXIST_WORD_TASK_WATCH, COEXIST_WORD_TASK_TICK,
  COEXIST_WORD_TASK_STILL, COEXIST_WORD_TASK_ADDED,
  // Numbers in exchange (Numbers.swift): of both sides, one bit each; how many there ever were; who
  // makes one just now.
  COEXIST_WORD_EXCHANGED, COEXIST_WORD_EXCHANGES, COEXIST_WORD_EXCHANGES_LOCK,
  COEXIST_WORD_KEYS_END,         // the highest pthread key that was ever made, + 1
  COEXIST_WORDS,
};
extern uint64_t coexist_words[COEXIST_WORDS];
static inline uint64_t *coexist_word(uint32_t which) COEXIST_SIGSAFE {
  return &coexist_words[which % COEXIST_WORDS];
}
extern uint64_t coexist_process_tags[COEXIST_SIGNALS_MAX];  // as coexist_thread.tags
extern uint64_t coexist_waiters[COEXIST_SIGNALS_MAX];       // runtimes, one bit each
// (atomic) A number that a runtime has in exchange for its own: its place among all, from 1, << 32
// | runtime << 16 | its own << 8 | the kernel's; 0 = none.
#define COEXIST_EXCHANGES_MAX 16
extern uint64_t coexist_exchanges[COEXIST_EXCHANGES_MAX];
static inline uint64_t *coexist_exchange_at(uint32_t index) COEXIST_SIGSAFE {
  return &coexist_exchanges[index % COEXIST_EXCHANGES_MAX];
}
// Room for signals that wait under the old number.
#define COEXIST_ALONG_MAX 256
extern siginfo_t coexist_along[COEXIST_ALONG_MAX];
static inline siginfo_t *coexist_along_at(uint32_t index) COEXIST_SIGSAFE {
  return &coexist_along[index % COEXIST_ALONG_MAX];
}
extern uint64_t coexist_stray_tags[COEXIST_SIGNALS_MAX];  // the same, to threads without a record
extern uint64_t coexist_process_serveds[COEXIST_SIGNALS_MAX];  // (atomic) as coexist_thread.served
// What the kernel sends because somebody asked for it, and what tells which it is.
enum coexist_cause {
  COEXIST_CAUSE_TIMER = 1,       // timer_create(2): the timer's id
  COEXIST_CAUSE_DESCRIPTOR = 2,  // fcntl(2), F_SETSIG: the descriptor
  COEXIST_CAUSE_INPUT = 3,       // fcntl(2), F_SETOWN: 0; SIGIO does not say which descriptor
  COEXIST_CAUSE_QUEUE = 4,       // mq_notify(3): the signal; siginfo does not say which queue
  COEXIST_CAUSE_PARENT = 5,      // prctl(2), PR_SET_PDEATHSIG: its process id and the signal
};
extern uint64_t coexist_causes[COEXIST_CAUSES_MAX];  // (atomic) cause << 48 | key << 8 | runtime
static inline uint64_t *coexist_process_tag(uint32_t signal) COEXIST_SIGSAFE {
  return &coexist_process_tags[signal % COEXIST_SIGNALS_MAX];
}
static inline uint64_t *coexist_waiters_of(uint32_t signal) COEXIST_SIGSAFE {
  return &coexist_waiters[signal % COEXIST_SIGNALS_MAX];
}
static inline uint64_t *coexist_stray_tag(uint32_t signal) COEXIST_SIGSAFE {
  return &coexist_stray_tags[signal % COEXIST_SIGNALS_MAX];
}
static inline uint64_t *coexist_thread_world_stop(struct coexist_thread *thread) COEXIST_SIGSAFE {
  return &thread->world_stop;
}
static inline uint64_t *coexist_process_served(uint32_t signal) COEXIST_SIGSAFE {
  return &coexist_process_serveds[signal % COEXIST_SIGNALS_MAX];
}
static inline uint64_t *coexist_thread_tag(struct coexist_thread *thread, uint32_t signal)
    COEXIST_SIGSAFE {
  return &thread->tags[signal % COEXIST_SIGNALS_MAX];
}
static inline uint64_t *coexist_thread_served(struct coexist_thread *thread, uint32_t signal)
    COEXIST_SIGSAFE {
  return &thread->served[signal % COEXIST_SIGNALS_MAX];
}
static inline struct coexist_held *coexist_held_at(struct coexist_thread *thread, uint64_t index)
    COEXIST_SIGSAFE {
  return &thread->held[index % COEXIST_HELD_MAX];
}
static inline uint8_t *coexist_hidden_by(struct coexist_thread *thread, uint32_t signal)
    COEXIST_SIGSAFE {
  return &thread->hidden_by[signal % COEXIST_SIGNALS_MAX];
}
static inline uint8_t *coexist_hidden_by_before(struct coexist_dispatch *dispatch, uint32_t signal)
    COEXIST_SIGSAFE {
  return &dispatch->hidden_by_before[signal % COEXIST_SIGNALS_MAX];
}
static inline void coexist_copy_mask(struct coexist_thread *to, const struct coexist_thread *from)
    COEXIST_SIGSAFE {
  to->asked_mask = from->asked_mask, to->asked_by = from->asked_by;
  to->caught_up = from->caught_up, to->hidden = from->hidden, to->exchanges = from->exchanges;
  if (from->hidden == 0) return;
  __builtin_memcpy_inline(to->hidden_by, from->hidden_by, sizeof to->hidden_by);
}
static inline void coexist_save_hidden_by(struct coexist_dispatch *to,
                                          const struct coexist_thread *from) COEXIST_SIGSAFE {
  __builtin_memcpy_inline(to->hidden_by_before, from->hidden_by, sizeof from->hidden_by);
}
static inline void coexist_restore_hidden_by(struct coexist_thread *to,
                                             const struct coexist_dispatch *from) COEXIST_SIGSAFE {
  __builtin_memcpy_inline(to->hidden_by, from->hidden_by_before, sizeof to->hidden_by);
}
// As of a thread that has done nothing yet: everything that is not who it is and where it lies.
static inline void coexist_thread_clear(struct coexist_thread *thread) COEXIST_SIGSAFE {
  thread->next_free = 0, thread->depth = 0, thread->exit_rounds = 0, thread->tid = 0;
  thread->asked_mask = 0, thread->asked_by = 0, thread->caught_up = 0, thread->exchanges = 0;
  thread->hidden = 0, thread->handled_for = 0, thread->held_count = 0, thread->wait.sp = 0;
  thread->world_stop = 0;
  thread->known_to = 0, thread->tasks = 0, thread->waits_for = 0, thread->asleep = 0;
  thread->is_added = 0, thread->ocaml_key = 0;
  thread->registered = 0, thread->thread_pointer = 0, thread->line = 0;
  __builtin_memset_inline(thread->tags, 0, sizeof thread->tags);
  __builtin_memset_inline(thread->served, 0, sizeof thread->served);
  __builtin_memset_inline(&thread->last, 0, sizeof thread->last);
  __builtin_memset_inline(thread->spans, 0, sizeof thread->spans);
  thread->altstacks_used = 0;
  __builtin_memset_inline(thread->altstacks, 0, sizeof thread->altstacks);
}
enum { COEXIST_INTERVAL_TIMERS = 3 };  // ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF
// (atomic) whose the kernel's interval timer is, runtime + 1; 0 = nobody's that we know.
extern uint64_t coexist_interval_holders[COEXIST_INTERVAL_TIMERS];
// (atomic) the POSIX timer that a runtime has instead, id + 1; 0 = none.
extern uint64_t coexist_interval_ids[COEXIST_INTERVAL_TIMERS][COEXIST_RUNTIMES_MAX];
static inline uint64_t *coexist_interval_holder(uint32_t which) COEXIST_SIGSAFE {
  return &coexist_interval_holders[which % COEXIST_INTERVAL_TIMERS];
}
static inline uint64_t *coexist_interval_id(uint32_t which, uint32_t runtime) COEXIST_SIGSAFE {
  return &coexist_interval_ids[which % COEXIST_INTERVAL_TIMERS][runtime % COEXIST_RUNTIMES_MAX];
}
// A POSIX timer on the interval timer's clock and with its signal: the id, or -1.
int32_t coexist_timer_make(uint32_t which) COEXIST_SIGSAFE;
void coexist_timer_delete(int32_t id) COEXIST_SIGSAFE;
// Is the kernel's interval timer running?
int coexist_timer_runs(uint32_t which) COEXIST_SIGSAFE;
// Stops the kernel's interval timer and lets the POSIX timer go on in its place.
void coexist_timer_move(uint32_t which, int32_t id) COEXIST_SIGSAFE;
enum { COEXIST_CHILDREN_MAX = 1024 };
extern uint64_t coexist_children[COEXIST_CHILDREN_MAX];  // (atomic) pid << 32 | runtime; 0 = free
static inline uint64_t *coexist_child(uint32_t index) COEXIST_SIGSAFE {
  return &coexist_children[index % COEXIST_CHILDREN_MAX];
}
// waitid(2): the child whose state it tells, 0 = none yet, or a negative errno value.
int32_t coexist_wait_id(int type, int32_t id, int options) COEXIST_SIGSAFE;
// Do orphans become this process's children: is it init, or a subreaper (prctl(2))?
int coexist_adopts_orphans(void) COEXIST_SIGSAFE;
static inline uint64_t *coexist_cause_at(uint32_t index) COEXIST_SIGSAFE {
  return &coexist_causes[index % COEXIST_CAUSES_MAX];
}
static inline uint64_t *coexist_version_of(uint32_t signal) COEXIST_SIGSAFE {
  return &coexist_versions[signal % COEXIST_SIGNALS_MAX];
}
static inline void *coexist_core_copy_room(void) COEXIST_SIGSAFE { return coexist_core_copy; }

_Static_assert(sizeof(struct coexist_thread) <= COEXIST_RECORD_SIZE - 4096,
               "the record must fit before the guard page");
