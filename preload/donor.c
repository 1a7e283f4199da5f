// Policy "register": coexist_call runs with the FS base of a thread that is parked for it, so that
// initial-exec code finds its context's variables too, at addresses that never change. What the
// kernel knows about the thread that really runs is the subject of the rest of this file.
#include "donor.h"

#include <linux/futex.h>
#include <linux/rseq.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SETXID = 33 };  // libc's own signal (glibc sysdeps/unix/sysv/linux/internal-signals.h)
enum { REGISTER_PRIVATE_EXPEDITED = 16, SYSCALL_MEMBARRIER = 324, SYSCALL_RSEQ = 334 };

static void mask(int how, uint64_t set) {
  coexist_syscall4(SYS_rt_sigprocmask, how, (long)&set, 0, 8);
}

// ---- The parked thread ----

// libc frees and uses again descriptors whose tid is 0 (nptl/nptl-stack.h, __nptl_stack_in_use);
// where that word lies is not said anywhere. The thread knows its value.
static int32_t *find_libc_tid(uint64_t base, int32_t tid) {
  enum { LIKELY = 0x2d0, SIZE = 0x900 };
  if (*(int32_t *)(base + LIKELY) == tid) return (int32_t *)(base + LIKELY);
  for (uint64_t at = 0; at < SIZE; at += sizeof tid)
    if (*(int32_t *)(base + at) == tid) return (int32_t *)(base + at);
  return NULL;
}

// The kernel writes the CPU's number into this thread's area, and nobody's here: who asks finds
// that there is none, and asks the kernel (glibc sched_getcpu.c).
static void leave_sequences(uint64_t base) {
  enum { LENGTH = 32, SIGNATURE = 0x53053053, UNREGISTER = 1 };
  const ptrdiff_t *offset = coexist_real.dlsym(RTLD_DEFAULT, "__rseq_offset");
  const unsigned *size = coexist_real.dlsym(RTLD_DEFAULT, "__rseq_size");
  if (offset == NULL || size == NULL || *size == 0) return;
  struct rseq *area = (struct rseq *)(base + (uint64_t)*offset);
  if (coexist_syscall4(SYSCALL_RSEQ, (long)area, LENGTH, UNREGISTER, SIGNATURE) == 0)
    area->cpu_id = (uint32_t)RSEQ_CPU_ID_REGISTRATION_FAILED;
}

// Signals that were sent to the donor's name while no call ran: handled here, as on any thread that
// waits. While one runs they are the calling thread's.
static void handle_signals(struct coexist_donor *self) {
  uint64_t kept;
  while ((kept = __atomic_exchange_n(&self->kept, 0, __ATOMIC_SEQ_CST)) != 0) {
    uint32_t was = COEXIST_DONOR_WAITS;
    for (;; coexist_yield()) {
      struct coexist_tls_self *nobody = NULL;
      was = COEXIST_DONOR_WAITS;
      if (__atomic_compare_exchange_n(&self->state, &was, COEXIST_DONOR_ITSELF, 0,
                                      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        break;
      was = COEXIST_DONOR_IDLE;
      if (__atomic_compare_exchange_n(&self->state, &was, COEXIST_DONOR_ITSELF, 0,
                                      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
        if (__atomic_compare_exchange_n(&self->context->owner, &nobody,
                                        coexist_donor_itself(self), 0, __ATOMIC_SEQ_CST,
                                        __ATOMIC_SEQ_CST))
          break;
        uint32_t mine = COEXIST_DONOR_ITSELF;
        __atomic_compare_exchange_n(&self->state, &mine, COEXIST_DONOR_IDLE, 0, __ATOMIC_SEQ_CST,
                                    __ATOMIC_SEQ_CST);
      }
      if (__atomic_load_n(&self->host, __ATOMIC_ACQUIRE) == 0) continue;
      const int64_t at_once[2] = {0, 0};
      siginfo_t info;
      long signal = coexist_syscall4(SYS_rt_sigtimedwait, (long)&kept, (long)&info,
                                     (long)at_once, 8);
      if (signal <= 0) return;
      coexist_donor_send(self, (int)signal, &info);
    }
    *self->record = self->own_record;
    mask(SIG_UNBLOCK, kept);
    mask(SIG_BLOCK, kept);
    __atomic_store_n(&self->state, was, __ATOMIC_RELEASE);
    if (was == COEXIST_DONOR_IDLE)
      __atomic_store_n(&self->context->owner, NULL, __ATOMIC_RELEASE);
  }
}

static void *serve(void *argument) {
  struct coexist_donor *self = argument;
  int unused;
  // Who cancels the donor means the call, which cannot be unwound to here.
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &unused);
  coexist_core_donor_begins(self);
  self->process = getpid();
  self->libc_tid = find_libc_tid(self->base, self->tid);
  leave_sequences(self->base);
  coexist_donor_turn(self, COEXIST_DONOR_BEGUN);
  for (;;) {
    uint32_t turn = __atomic_load_n(&self->turn, __ATOMIC_ACQUIRE);
    if (turn & COEXIST_DONOR_ENDS) break;
    if (turn & COEXIST_DONOR_SIGNALS) {
      __atomic_fetch_and(&self->turn, ~(uint32_t)COEXIST_DONOR_SIGNALS, __ATOMIC_SEQ_CST);
      handle_signals(self);
      continue;
    }
    coexist_syscall4(SYS_futex, (long)&self->turn, FUTEX_WAIT_PRIVATE, turn, 0);
  }
  coexist_core_donor_ends(self);
  return NULL;
}

// ---- libc's setuid(2) for all threads: it signals each, by libc's list of them ----

static void (*libc_setxid)(int, siginfo_t *, void *);
static void on_setxid(int signal, siginfo_t *info, void *ucontext) {
  struct coexist_donor *donor = coexist_donor_loaded();
  // The donor's own thread has the same base, and is meant itself.
  if (donor != NULL && donor->tid == coexist_gettid()) donor = NULL;
  if (donor != NULL) coexist_base_set(donor->host);
  libc_setxid(signal, info, ucontext);
  if (donor != NULL) coexist_base_set(donor->base);
}
static void stand_before_libc(void) {
  struct {
    void *handler;
    uint64_t flags;
    void *restorer;
    uint64_t mask;
  } action;
  if (coexist_syscall4(SYS_rt_sigaction, SETXID, 0, (long)&action, 8) != 0) return;
  if (action.handler == NULL || action.handler == (void *)on_setxid) return;
  libc_setxid = (void (*)(int, siginfo_t *, void *))action.handler;
  action.handler = (void *)on_setxid;
  coexist_syscall4(SYS_rt_sigaction, SETXID, (long)&action, 0, 8);
}

// ---- Beginning and end ----

static int lives(const struct coexist_donor *donor) { return donor->process == getpid(); }

static void stop(struct coexist_donor *donor) {
  if (lives(donor)) {
    coexist_donor_turn(donor, COEXIST_DONOR_ENDS);
    pthread_join(donor->id, NULL);
  } else {
    *donor->libc_tid = 0;  // libc's to use again
  }
  donor->id = 0;
  __atomic_store_n(&donor->context, NULL, __ATOMIC_RELEASE);
}

// Signals are for threads that run: none but libc's own reaches the parked one by itself.
static struct coexist_donor *begin(struct coexist_context *context) {
  enum { STACK = 65536 };
  struct coexist_donor *donor = coexist_core_donor_make(context);
  if (donor == NULL) return NULL;
  donor->turn = 0, donor->kept = 0, donor->pending = 0;
  donor->state = COEXIST_DONOR_IDLE;
  coexist_syscall4(SYSCALL_MEMBARRIER, REGISTER_PRIVATE_EXPEDITED, 0, 0, 0);
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return NULL;
  pthread_attr_setstacksize(&attributes, STACK);
  uint64_t all = ~(1ull << (SETXID - 1)), before = 0;
  coexist_syscall4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&before, 8);
  pthread_t id;
  int error = pthread_create(&id, &attributes, serve, donor);
  coexist_syscall4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&before, 0, 8);
  pthread_attr_destroy(&attributes);
  if (error != 0) return donor->context = NULL, NULL;
  while (!(__atomic_load_n(&donor->turn, __ATOMIC_ACQUIRE) & COEXIST_DONOR_BEGUN))
    coexist_syscall4(SYS_futex, (long)&donor->turn, FUTEX_WAIT_PRIVATE, 0, 0);
  donor->id = id;
  stand_before_libc();
  if (donor->libc_tid != NULL) return donor;
  stop(donor);
  return NULL;
}

// arch/x86_64/stack_switch.S
void *coexist_call_lent(uint64_t top, void *(*function)(void *), void *argument,
                        struct coexist_donor *donor);

static struct coexist_donor *first_call(struct coexist_context *context) {
  struct coexist_donor *none = NULL, *made = begin(context);
  if (made == NULL || __atomic_compare_exchange_n(&context->donor, &none, made, 0,
                                                  __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return made;
  stop(made);
  return none;
}

int coexist_donor_call(struct coexist_context *context, size_t stack_size,
                       void *(*function)(void *), void *argument, void **value) {
  struct coexist_donor *donor = __atomic_load_n(&context->donor, __ATOMIC_ACQUIRE);
  if (UNLIKELY(donor == NULL) && (donor = first_call(context)) == NULL) return ENOMEM;
  int error = coexist_core_donor_enter(donor);
  if (error != 0) return error;
  // Only now, as nobody else is inside.
  uint64_t top = coexist_core_context_stack(context, stack_size);
  if (top == 0) return coexist_core_donor_leave(donor), ENOMEM;
  *value = coexist_call_lent(top, function, argument, donor);
  coexist_core_donor_leave(donor);
  return 0;
}

int coexist_donor_end(struct coexist_context *context) {
  struct coexist_donor *donor = context->donor;
  if (donor == NULL) return 0;
  int error = coexist_core_donor_enter(donor);
  if (error != 0) return error;
  coexist_core_donor_leave(donor);
  context->donor = NULL;
  stop(donor);
  return 0;
}

// ---- The thread's own base for a moment ----

// libc says that its answer never changes; here it does.
static int *(*volatile errno_now)(void) = __errno_location;

struct coexist_donor *coexist_base_own(void) {
  struct coexist_donor *donor = coexist_donor_loaded();
  if (donor != NULL) coexist_base_set(donor->host);
  return donor;
}
void coexist_base_lent(struct coexist_donor *donor) {
  if (donor == NULL) return;
  int error = *errno_now();
  coexist_base_set(donor->base);
  *errno_now() = error;
}

void coexist_fork_begins(struct coexist_fork *fork) {
  fork->donor = coexist_donor_loaded();
  if (fork->donor == NULL) return;
  // In the child libc takes the values of keys from all threads but the one that forked.
  for (unsigned key = 0; key < COEXIST_TLS_KEYS_MAX; key++)
    fork->keys[key] = coexist_real.pthread_getspecific(key);
  coexist_base_own();
}
void coexist_fork_ends(struct coexist_fork *fork, pid_t pid) {
  // Their threads are the parent's; libc must not give their memory to new ones.
  struct coexist_donor *each = pid == 0 ? __atomic_load_n(&coexist_donors, __ATOMIC_ACQUIRE) : NULL;
  for (; each != NULL; each = each->next)
    if (each->id != 0) *each->libc_tid = getpid();
  if (fork->donor == NULL) return;
  if (pid == 0) fork->donor->host_tid = gettid();
  coexist_base_lent(fork->donor);
  for (unsigned key = 0; pid == 0 && key < COEXIST_TLS_KEYS_MAX; key++)
    if (fork->keys[key] != NULL) coexist_real.pthread_setspecific(key, fork->keys[key]);
}

// ---- Calls of a guest that libc would make for the parked thread ----

EXPORT _Noreturn void pthread_exit(void *value) {
  if (coexist_ready() && coexist_donor_loaded() != NULL) coexist_core_donor_leave_all();
  coexist_real.pthread_exit(value);
  __builtin_unreachable();
}

// glibc nptl/nptl_setxid.c: all threads but the calling one get a signal, and answer it.
#define FOR_ALL_THREADS(name, parameters, ...)              \
  EXPORT int name parameters {                              \
    if (UNLIKELY(!coexist_ready())) coexist_resolve();      \
    struct coexist_donor *donor = coexist_base_own();       \
    int result = coexist_real.name(__VA_ARGS__);            \
    coexist_base_lent(donor);                               \
    return result;                                          \
  }
FOR_ALL_THREADS(setuid, (uid_t a), a)
FOR_ALL_THREADS(setgid, (gid_t a), a)
FOR_ALL_THREADS(seteuid, (uid_t a), a)
FOR_ALL_THREADS(setegid, (gid_t a), a)
FOR_ALL_THREADS(setreuid, (uid_t a, uid_t b), a, b)
FOR_ALL_THREADS(setregid, (gid_t a, gid_t b), a, b)
FOR_ALL_THREADS(setresuid, (uid_t a, uid_t b, uid_t c), a, b, c)
FOR_ALL_THREADS(setresgid, (gid_t a, gid_t b, gid_t c), a, b, c)
FOR_ALL_THREADS(setgroups, (size_t count, const gid_t *groups), count, groups)
