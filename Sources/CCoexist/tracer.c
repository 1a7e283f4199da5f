// Threads that keep every signal out past libc (a raw rt_sigprocmask(2), Go, libc's own helpers).
// Only the kernel's tracer reaches them, ptrace(2). A process may not trace its own threads; a task
// that shares its memory and is in another thread group may, as LeakSanitizer's does. It lives for
// as long as it is needed, and ends with the thread that made it. Its end sends no signal, so of
// the wait(2) family only a call with __WALL or __WCLONE sees it. Yama's scope 1 lets descendants
// trace nobody above them, unless they are named (PR_SET_PTRACER, security/yama/yama_lsm.c): it is,
// while it needs to be. Where tracing is refused all the same (a debugger is there already,
// seccomp, scopes 2 and 3) each thread says so, and nothing has changed.
#include <ccoexist/stacks.h>

#include <ccoexist/registers.h>
#include <ccoexist/tables.h>
#include <errno.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>

_Static_assert(sizeof(struct user_regs_struct) == 8 * COEXIST_TRACED_REGISTERS, "PTRACE_GETREGS");
enum { STACK = 1 << 14, MASK_SIZE = 8, PAUSE = 20000, MOST_PAUSES = 500 };  // 10 ms

struct tracer {
  uint32_t named;     // (atomic) it may begin
  uint32_t released;  // (atomic)
  uint32_t ready;     // (atomic) all that can be done is done
  uint32_t count;
  long task;          // its kernel id; ≤ 0 = there is none
  uint64_t signals;   // that are to be let in
  struct coexist_traced traced[COEXIST_TRACED_MAX];
  char stack[STACK] __attribute__((aligned(16)));
};
// Collectors take turns to stop threads, but another one's may be opened meanwhile.
static struct tracer holder, opener;
// (atomic) One at a time reaches out: Yama knows one tracer of a process.
static uint32_t reaching;
static uint64_t named_by_program;  // its last PR_SET_PTRACER; 0 = none

static long trace(long request, int32_t tid, void *address, void *data) COEXIST_SIGSAFE {
  return coexist_syscall4(SYS_ptrace, request, tid, (long)address, (long)data);
}
static long wait_for(long tid, int *status, int options) COEXIST_SIGSAFE {
  return coexist_syscall4(SYS_wait4, tid, (long)status, options | __WALL, 0);
}
static void futex(uint32_t *word, int operation, uint32_t value) COEXIST_SIGSAFE {
  coexist_syscall4(SYS_futex, (long)word, operation | FUTEX_PRIVATE_FLAG, (long)value, 0);
}
static void wait_until_set(uint32_t *word) COEXIST_SIGSAFE {
  while (!__atomic_load_n(word, __ATOMIC_ACQUIRE)) futex(word, FUTEX_WAIT, 0);
}
static void set(uint32_t *word) COEXIST_SIGSAFE {
  __atomic_store_n(word, 1, __ATOMIC_RELEASE);
  futex(word, FUTEX_WAKE, 1);
}

// 0 = it stands; `signal` is one that was about to be delivered to it, which letting go must do.
static int seize(int32_t tid, int *signal) COEXIST_SIGSAFE {
  long error = trace(PTRACE_SEIZE, tid, 0, 0);
  if (error == 0) error = trace(PTRACE_INTERRUPT, tid, 0, 0);
  if (error != 0) return (int)-error;
  // Not for ever: a thread in vfork(2) stands only when its child has gone on.
  for (int pauses = 0; pauses < MOST_PAUSES; pauses++) {
    int status = 0;
    long found = wait_for(tid, &status, WNOHANG);
    if (found == tid && WIFSTOPPED(status)) {
      *signal = status >> 16 == 0 ? WSTOPSIG(status) : 0;
      return 0;
    }
    if (found != 0) return ESRCH;
    coexist_sleep(PAUSE);
  }
  return EAGAIN;
}
static void let_go(int32_t tid, int signal) COEXIST_SIGSAFE {
  trace(PTRACE_DETACH, tid, 0, (void *)(long)signal);
}
_Noreturn static void end(void) COEXIST_SIGSAFE {
  for (;;) coexist_syscall4(SYS_exit, 0, 0, 0, 0);
}

// ---- In the tracing task: thread-local storage is its maker's, so nothing that needs any ----

static void hold(void) COEXIST_SIGSAFE {
  int signal[COEXIST_TRACED_MAX];
  coexist_syscall4(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0);
  wait_until_set(&holder.named);
  for (uint32_t i = 0; i < holder.count; i++) {
    struct coexist_traced *task = &holder.traced[i];
    task->error = seize(task->tid, &signal[i]);
    if (task->error != 0) continue;
    trace(PTRACE_GETREGS, task->tid, 0, task->registers);
    task->sp = ((struct user_regs_struct *)task->registers)->rsp;
  }
  set(&holder.ready);
  wait_until_set(&holder.released);
  for (uint32_t i = 0; i < holder.count; i++)
    if (holder.traced[i].error == 0) let_go(holder.traced[i].tid, signal[i]);
  end();
}

static void open_mask(void) COEXIST_SIGSAFE {
  coexist_syscall4(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0);
  wait_until_set(&opener.named);
  struct coexist_traced *task = &opener.traced[0];
  int signal = 0;
  uint64_t mask = 0;
  task->error = seize(task->tid, &signal);
  if (task->error != 0) end();
  if (trace(PTRACE_GETSIGMASK, task->tid, (void *)MASK_SIZE, &mask) == 0) {
    mask &= ~opener.signals;
    task->error = (int)-trace(PTRACE_SETSIGMASK, task->tid, (void *)MASK_SIZE, &mask);
  }
  let_go(task->tid, signal);
  end();
}

// ---- In the process ----

// clone(2) onto a stack of its own, where the function never returns.
static long spawn(char *stack, void (*function)(void) COEXIST_SIGSAFE) COEXIST_SIGSAFE {
  register long child_tid __asm__("r10") = 0;
  register long tls __asm__("r8") = 0;
  register void (*call)(void) __asm__("r9") = (void (*)(void))function;
  long result;
  __asm__ volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "call *%%r9\n"
      "1:"
      : "=a"(result)
      : "a"(SYS_clone), "D"((long)(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_UNTRACED)),
        "S"(stack + STACK), "d"(0l), "r"(child_tid), "r"(tls), "r"(call)
      : "rcx", "r11", "memory");
  return result;
}
// Without Yama the kernel does not know the word, and refuses it. What was named by a raw call, or
// before exec(3), nobody can read back.
static void name_tracer(uint64_t tracer) COEXIST_SIGSAFE {
  coexist_syscall4(SYS_prctl, PR_SET_PTRACER, (long)tracer, 0, 0);
}
void coexist_trace_named(uint64_t tracer) COEXIST_SIGSAFE { named_by_program = tracer; }
static int begin(void) COEXIST_SIGSAFE {
  return !__atomic_exchange_n(&reaching, 1, __ATOMIC_ACQUIRE);
}
static void reached(void) COEXIST_SIGSAFE {
  name_tracer(named_by_program);
  __atomic_store_n(&reaching, 0, __ATOMIC_RELEASE);
}

static int start(struct tracer *tracer, const int32_t *tids, uint32_t count,
                 void (*function)(void) COEXIST_SIGSAFE) COEXIST_SIGSAFE {
  tracer->count = count < COEXIST_TRACED_MAX ? count : COEXIST_TRACED_MAX;
  tracer->ready = 0, tracer->released = 0, tracer->named = 0;
  for (uint32_t i = 0; i < tracer->count; i++)
    tracer->traced[i] = (struct coexist_traced){.tid = tids[i], .error = ECHILD};
  tracer->task = spawn(tracer->stack, function);
  if (tracer->task <= 0) return 0;
  name_tracer((uint64_t)tracer->task);
  set(&tracer->named);
  return 1;
}
// Its end; the kernel lets go of everything that it holds.
static void reap(struct tracer *tracer) COEXIST_SIGSAFE {
  int status;
  if (tracer->task > 0)
    while (wait_for(tracer->task, &status, 0) == -EINTR) {}
  tracer->task = 0;
}

static int is_ready(void) {
  while (!__atomic_load_n(&holder.ready, __ATOMIC_ACQUIRE)) {
    int status;
    // It may be ended from outside, by seccomp for one.
    if (wait_for(holder.task, &status, WNOHANG) != 0) {
      holder.task = 0;
      return 0;
    }
    coexist_sleep(PAUSE);
  }
  return 1;
}
const struct coexist_traced *coexist_trace_hold(const int32_t *tids, uint32_t count) {
  while (!begin()) coexist_sleep(PAUSE);
  int is_held = start(&holder, tids, count, hold) && is_ready();
  reached();
  return is_held ? holder.traced : 0;
}
void coexist_trace_release(void) {
  if (holder.task <= 0) return;
  set(&holder.released);
  reap(&holder);
}

int coexist_trace_open(int32_t tid, uint64_t signals) COEXIST_SIGSAFE {
  if (!begin()) return EAGAIN;
  opener.signals = signals;
  if (start(&opener, &tid, 1, open_mask)) reap(&opener);
  int error = opener.traced[0].error;
  reached();
  return error;
}
// The tracing tasks are the parent's, and so is who may trace it.
void coexist_trace_forked(void) { holder.task = 0, reaching = 0, named_by_program = 0; }
