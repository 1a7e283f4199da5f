// What preload/ calls in the core. Implemented in Sources/CoexistCore/Entry.swift; a type that
// differs is a compile error there (@c @implementation).
//
// `caller` is the return address of the interposed call: it tells which runtime asks.
#pragma once

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <ccoexist/donor.h>
#include <ccoexist/enter.h>
#include <ccoexist/sigsafe.h>
#include <ccoexist/tables.h>
#include <ccoexist/stacks.h>
#include <ccoexist/tls.h>
#include <ccoexist/unwind.h>

// Once, by the constructor, after coexist_real, coexist_state and coexist_config are filled.
void coexist_core_start(void);
// In the child of fork, on its only thread.
void coexist_core_forked(void);

// sigaction(2), signal(7): any thread, signal-safe. Returns 0, or -1 with errno set by libc.
int coexist_core_sigaction(int signal, const struct sigaction *act, struct sigaction *old,
                           uint64_t caller) COEXIST_SIGSAFE;
// sigaltstack(2). Returns 0 or a positive errno value.
int coexist_core_sigaltstack(const stack_t *stack, stack_t *old, uint64_t caller,
                             uint64_t sp) COEXIST_SIGSAFE;
// A signal that the thread is about to send itself: 1 = it was a decline, do not send it.
int coexist_core_sends_itself(int signal, uint64_t caller, uint32_t how) COEXIST_SIGSAFE;
// What a signal that queues is to carry to say who sends it to a thread, or to the process (tid 0);
// 0 = nothing, it is tagged instead.
uint64_t coexist_core_label(int signal, int32_t tid, uint64_t caller) COEXIST_SIGSAFE;
// A signal is about to be sent: to the thread of a record (0 = to the process), or of a kernel id.
#define COEXIST_THREAD_UNKNOWN ((uint64_t)1)
void coexist_core_tag_thread(int signal, uint64_t thread, uint64_t caller) COEXIST_SIGSAFE;
void coexist_core_tag_tid(int signal, int32_t tid, uint64_t caller) COEXIST_SIGSAFE;
// A signal has been sent to a thread.
void coexist_core_sent(void) COEXIST_SIGSAFE;
// The kernel was asked for a signal; the key is what enum coexist_cause says.
void coexist_core_asked(uint32_t cause, int32_t key, uint64_t caller) COEXIST_SIGSAFE;
// Which timer serves the caller's setitimer(2) (arms: 1 or 0) or getitimer(2) (arms: -1): the id of
// a POSIX timer, COEXIST_TIMER_REAL for the kernel's interval timer, COEXIST_TIMER_NONE.
enum { COEXIST_TIMER_REAL = -1, COEXIST_TIMER_NONE = -2 };
int32_t coexist_core_interval_timer(int which, int arms, uint64_t caller) COEXIST_SIGSAFE;
// Where numbers are in exchange (Signals/Numbers): of what the caller says, the kernel's, and the
// other way round. to_ask: the kernel is to be asked for the signal.
int coexist_core_number(int signal, uint64_t caller) COEXIST_SIGSAFE;
uint64_t coexist_core_numbers(uint64_t signals, uint64_t caller) COEXIST_SIGSAFE;
int coexist_core_number_to_ask(int signal, uint64_t caller) COEXIST_SIGSAFE;
// rt_sigprocmask(2) as the caller's runtime sees it. Returns 0 or a positive errno value.
int coexist_core_mask(int how, const uint64_t *set, uint64_t *old, uint64_t caller) COEXIST_SIGSAFE;
// A mask for the duration of a call: returns it less what other runtimes need. Both records go back
// to coexist_core_wait_end; `wait` lies in the caller's frame, `outer` is the one around it.
uint64_t coexist_core_wait_begin(uint64_t mask, uint64_t caller, struct coexist_wait *wait,
                                 struct coexist_wait *outer) COEXIST_SIGSAFE;
void coexist_core_wait_end(const struct coexist_wait *wait,
                           const struct coexist_wait *outer) COEXIST_SIGSAFE;
// Around sigtimedwait(2) for these signals; returns what to wait for in the kernel. took: 1 = the
// signal was another runtime's own, which has it now.
uint64_t coexist_core_take_begin(uint64_t signals, uint64_t caller,
                                 struct coexist_wait *wait) COEXIST_SIGSAFE;
void coexist_core_take_end(const struct coexist_wait *wait) COEXIST_SIGSAFE;
int coexist_core_took_anothers(int signal, siginfo_t *info, uint64_t caller) COEXIST_SIGSAFE;
// A signalfd(2) reads these; returns what it has to read in the kernel.
uint64_t coexist_core_reads(uint64_t signals, uint64_t caller) COEXIST_SIGSAFE;
// Signals that wait for this thread, but not in the kernel.
uint64_t coexist_core_held(void) COEXIST_SIGSAFE;
// 1 = only handlers of other runtimes have run on this thread since the wait began, or since the
// last question.
int coexist_core_woken_by_others(void) COEXIST_SIGSAFE;
// Before exec(3) by the caller, on this thread: makes the kernel hold what the caller believes that
// it ignores and blocks; `exec` undoes it. Also in a child of vfork(2).
struct coexist_exec {
  uint64_t changed, mask;  // signals whose disposition was changed; the kernel's mask before
};
void coexist_core_exec_begin(struct coexist_exec *exec, const struct coexist_frame *caller)
    COEXIST_SIGSAFE;
void coexist_core_exec_failed(const struct coexist_exec *exec) COEXIST_SIGSAFE;
// What posix_spawn(3) has to be told: signals to set to SIG_DFL; 1 = and this mask.
int coexist_core_spawn(uint64_t *defaults, uint64_t *mask, const struct coexist_frame *caller)
    COEXIST_SIGSAFE;
// fork(2) and its like, by the caller: before, and after in the parent with the child's pid, or
// with -1 when there is none, or it is not known.
void coexist_core_child_begins(uint64_t caller) COEXIST_SIGSAFE;
void coexist_core_child_made(int32_t pid, uint64_t caller) COEXIST_SIGSAFE;
// wait(2) and its like by the caller. pid: -1 for any child, else as in waitpid(2).
struct coexist_child_wait {
  uint32_t runtime;
  int chooses;  // 1 = the caller may not have every child: coexist_core_child_next says which
  int reaped;   // 1 = its children are reaped as they end: none is told
};
struct coexist_child_wait coexist_core_child_wait(int32_t pid, uint64_t caller) COEXIST_SIGSAFE;
// The child to wait for now, 0 = none is ready, or -ECHILD. options as in waitid(2).
int32_t coexist_core_child_next(const struct coexist_child_wait *wait, int options) COEXIST_SIGSAFE;
// The child has been waited for, and is gone.
void coexist_core_child_gone(int32_t pid) COEXIST_SIGSAFE;
// longjmp(3) is about to continue at this stack pointer. saved: 1 = it brings back a mask, around
// which `hidden` was hidden.
void coexist_core_jump(uint64_t sp, int saved, uint64_t hidden) COEXIST_SIGSAFE;
// What is hidden on this thread.
uint64_t coexist_core_hidden(void) COEXIST_SIGSAFE;
// What HotSpot finds as JVM_get_signal_action.
struct sigaction *coexist_core_jvm_previous(int signal) COEXIST_SIGSAFE;
// HotSpot called the action that coexist_core_jvm_previous named.
void coexist_core_called_previous(void *ucontext) COEXIST_SIGSAFE;

// Where to go, and the FS base to load before; 0 = the one that is loaded.
struct coexist_next {
  struct coexist_jump *jump;
  uint64_t base;
};
// The kernel entered signal_entry.S; frame = stack pointer there; loaded = the donor whose base was
// loaded, and no longer is.
struct coexist_next coexist_core_dispatch(int signal, siginfo_t *info, void *ucontext,
                                          uint64_t frame, struct coexist_donor *loaded)
    COEXIST_SIGSAFE;
// A handler that we started returned to our restorer; ucontext is the one it was given.
struct coexist_next coexist_core_returned(void *ucontext) COEXIST_SIGSAFE;

// Memory that changes hands; protection as in mmap(2). mapped and moved come after the call, the
// others before it.
void coexist_core_mapped(uint64_t low, uint64_t size, int protection, uint64_t caller);
void coexist_core_protected(uint64_t low, uint64_t size, int protection, uint64_t caller);
void coexist_core_unmapped(uint64_t low, uint64_t size);
void coexist_core_moved(uint64_t low, uint64_t size, uint64_t new_low, uint64_t new_size);

// Objects may have come (after dlopen) or gone (after dlclose).
void coexist_core_loaded(void);
void coexist_core_unloaded(void);

// Threads. prepare: in the parent, returns a record or NULL; started and exited: on the thread.
struct coexist_thread *coexist_core_thread_prepare(void *(*start)(void *), void *argument,
                                                   uint64_t caller);
void coexist_core_thread_discard(struct coexist_thread *thread);
void coexist_core_thread_started(struct coexist_thread *thread, uint64_t low, uint64_t high);
void coexist_core_thread_exited(struct coexist_thread *thread);

// Containers: the table in state.h. id 0 = refused, and why is in the text.
// 0: no room for another one; UINT64_MAX: there is no such thing to ask for.
uint64_t coexist_core_container_begin(const char *name, const char *library, uint32_t isolation,
                                      uint32_t flags, uint32_t spaces_used, char *why,
                                      size_t why_size);
void coexist_core_container_opened(uint64_t id, uint64_t root, uint64_t target, int64_t space);
// Forgets one that could not be opened, or is closed.
void coexist_core_container_forget(uint64_t id);
// NULL when it is closed, or never was.
struct coexist_container_record *coexist_core_container_find(uint64_t id);
// The container in this namespace, or NULL. Lock-free.
struct coexist_container_record *coexist_core_container_in(int64_t space);
int coexist_core_container_seal(uint64_t id);
// What a close has to do now.
enum coexist_closing { COEXIST_CLOSING_REFUSED, COEXIST_CLOSING_WAIT, COEXIST_CLOSING_GO };
uint32_t coexist_core_container_closing(uint64_t id, int last_try, char *why, size_t why_size);
// It cannot be closed: the loader would keep this object of it.
void coexist_core_container_pinned(uint64_t id, const char *object, const char *reason, char *why,
                                   size_t why_size);
// The loader kept an object of it.
void coexist_core_container_stuck(uint64_t id, const char *object, char *why, size_t why_size);

// What a copy of Boehm's collector calls (stacks.h); index = its slot.
void coexist_core_libgc_push(uint32_t index);
void coexist_core_libgc_event(uint32_t index, int event);
void coexist_core_libgc_thread(uint32_t index, int event, void *id);

// What our object in Ruby's heap, and our functions in OCaml's hooks call.
void coexist_core_ruby_marks(void);
// Somebody has waited long for threads to stop: in the handler of the alarm (stacks.h).
void coexist_core_late(void) COEXIST_SIGSAFE;
void coexist_core_ocaml_scans(void);
void coexist_core_ocaml_enters(void);
// Somebody has asked for calls at fork: the last step of a thread library's start.
void coexist_core_fork_prepared(void);

// Was the thread made by somebody else than the collector whose code is at this address?
int coexist_core_libgc_foreign(pthread_t id, uint64_t collector);

// Pins (coexist.h): the word that holds the object, 0 = none; the others: 0, or an errno value.
uint64_t coexist_core_pin(uint64_t object) COEXIST_SIGSAFE;
int coexist_core_unpin(uint64_t place, uint64_t object) COEXIST_SIGSAFE;
uint64_t coexist_core_pinned(uint64_t place, uint64_t object) COEXIST_SIGSAFE;
int coexist_core_region_add(uint64_t low, uint64_t size) COEXIST_SIGSAFE;
int coexist_core_region_remove(uint64_t low) COEXIST_SIGSAFE;
void coexist_core_roots_each(uint32_t which, coexist_push push);

// The stack that sp is on, where that is another than [low, high), which libc told; else it stays.
void coexist_core_stack_bounds(uint64_t sp, uint64_t *low, uint64_t *high);

// __tls_get_addr(3) where the answer is not at hand; index is the loader's tls_index. 0 = libc's.
uint64_t coexist_core_tls_address(const uint64_t *index, uint64_t sp);
// A fiber's stack: about to be used for a new fiber; its function has returned; no stack any more.
void coexist_core_stack_announced(uint64_t low, uint64_t high, uint64_t caller);
void coexist_core_stack_ended(uint64_t sp);
void coexist_core_stack_gone(uint64_t low, uint64_t high);
// Anonymous writable memory was mapped; a page inside such memory was closed.
void coexist_core_stack_mapped(uint64_t low, uint64_t size, uint64_t caller);
void coexist_core_stack_guarded(uint64_t low, uint64_t size);
// The thread is about to go on at another stack pointer.
void coexist_core_stack_switch(uint64_t from, uint64_t to);
// pthread keys. A 0 from the first two says: libc's.
void coexist_core_key_made(uint32_t key, void (*destructor)(void *), uint64_t place,
                           uint64_t caller);
void coexist_core_key_deleted(uint32_t key);
int coexist_core_key_get(uint32_t key, uint64_t sp, void **value);
int coexist_core_key_set(uint32_t key, uint64_t sp, const void *value);
// __cxa_thread_atexit_impl: 1 = kept for the context.
int coexist_core_thread_atexit(void (*function)(void *), void *object, void *dso, uint64_t sp);
// Contexts by hand (coexist.h). enter: 0, or a positive errno value.
struct coexist_context *coexist_core_context_create(uint64_t caller);
int coexist_core_context_enter(struct coexist_context *context);
int coexist_core_context_leave(struct coexist_context *context);
int coexist_core_context_destroy(struct coexist_context *context);
struct coexist_context *coexist_core_context_current(uint64_t sp);
// Top of the context's own stack, made at the first call; 0 = no memory.
uint64_t coexist_core_context_stack(struct coexist_context *context, uint64_t size);
// Between begin and end coexist_call runs on it.
void coexist_core_stack_begin(struct coexist_context *context);
void coexist_core_stack_end(struct coexist_context *context);
// Policy "register" (donor.h). A donor for a context, NULL = no memory; begins, ends: on its own
// thread. enter: 0 or EBUSY; leave: when the call is over. leave_all: the thread ends inside.
struct coexist_donor *coexist_core_donor_make(struct coexist_context *context);
void coexist_core_donor_begins(struct coexist_donor *donor);
void coexist_core_donor_ends(struct coexist_donor *donor);
int coexist_core_donor_enter(struct coexist_donor *donor);
void coexist_core_donor_leave(struct coexist_donor *donor);
void coexist_core_donor_leave_all(void);
struct coexist_donor *coexist_core_donor_named(pthread_t id);
int coexist_core_module_policy(const char *library, uint32_t policy);
// Stackless coroutines (adapters): does any guest's state follow tasks? starts: a new task of this
// handle; suspends: the one that runs, before anybody can resume it. Both return what its runtime
// queues in the handle's place, NULL = no memory. begin and end around resume.
int coexist_core_tasks_matter(void);
void *coexist_core_task_starts(void *handle, void (*resume)(void *), int is_pinned);
void *coexist_core_task_suspends(void *handle, void (*resume)(void *), void *chain);
struct coexist_resumed coexist_core_task_begin(void *queued);
void coexist_core_task_end(struct coexist_resumed task);
// A thread waits for a task of the runtime that owns `code`. 0 = nobody of that runtime can wait
// for this thread in turn; else it counts, and after each COEXIST_TASK_STEP_NS one of those that
// wait looks how many threads the pool lacks. complete: has the chain been completed?
enum { COEXIST_TASK_STEP_NS = 20000000 };
int coexist_core_task_wait_begin(uint64_t code);
void coexist_core_task_wait_end(void);
int coexist_core_tasks_missing(int (*complete)(void *chain));
// Do all threads with tasks sleep, and is there none to begin, since the last step?
int coexist_core_tasks_still(void);
// Where the runtime that made this thread begins; 0 = none did.
uint64_t coexist_core_maker_base(void);
// Where the first runtime of this name begins; 0 = there is none.
uint64_t coexist_core_runtime_base(const char *name);
// On a thread of ours: a task that none of its runtime's can begin. 0 = there is none.
int coexist_core_task_take(struct coexist_resumed *task);
// Another thread could not be made.
void coexist_core_task_thread_failed(void);
// Virtual threads (preload/jvm.c). matter: would those of this JVM (a link map) share a
// library's state? mounted: its context, NULL at first; returns the one that it has from now on.
int coexist_core_virtual_threads_matter(uint64_t machine);
struct coexist_context *coexist_core_virtual_thread_mounted(struct coexist_context *context);
void coexist_core_virtual_thread_unmounted(void);
void coexist_core_virtual_thread_ended(struct coexist_context *context);
// Before dlclose: what nobody uses any more may go.
void coexist_core_unloading(void);

// preload/arch: our handler.
void coexist_signal_entry(int signal, siginfo_t *info, void *ucontext);
// preload/jsig.c: the action that HotSpot is shown as the one below it.
struct sigaction *coexist_jvm_previous_action(void) COEXIST_SIGSAFE;

static inline uint64_t coexist_entry_address(void) COEXIST_SIGSAFE {
  return (uint64_t)coexist_signal_entry;
}
