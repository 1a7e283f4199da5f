// Stops threads that a collector does not know, for as long as it marks.
//
// A thread answers by its kernel id, in a table that the collector filled before: neither its
// record nor its thread-local storage is needed, so threads from a raw clone(2) are served, too.
// Who keeps every signal out is held by the kernel's tracer instead (tracer.c); where that may not
// be, it is not waited for.
#include <ccoexist/stacks.h>

#include <ccoexist/entry.h>
#include <ccoexist/registers.h>
#include <ccoexist/tables.h>
#include <ccoexist/tls.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>

// Tools and tests link this file without the core.
#pragma weak coexist_core_late

static struct {
  uint32_t taken;     // (atomic) by whom: kernel id
  uint32_t epoch;     // (atomic) grows with each stop
  uint32_t standing;  // (atomic) the epoch that stands still; 0 = none
  uint32_t answers;   // (atomic)
  int32_t signal;
  uint32_t asked, sent;
  uint64_t mask_before;
  struct coexist_stopped *table;
  struct coexist_stopped *order[COEXIST_STOPPED_MAX / 2];  // who was asked
  uint8_t silent[COEXIST_STOPPED_MAX / 2];                 // and will not answer
  // Who kept the signal out the last time. It is not sent again: real-time signals queue up.
  int32_t closed[COEXIST_TRACED_MAX];
  uint32_t closed_count;
} stop;
enum { IS_GONE = 1, KEEPS_OUT, IS_HELD };

static struct coexist_stopped *slot(int32_t tid) COEXIST_SIGSAFE {
  uint32_t at = (uint32_t)tid;
  for (;; at++) {
    struct coexist_stopped *here = &stop.table[at % COEXIST_STOPPED_MAX];
    if (here->tid == tid || here->tid == 0) return here;
  }
}

static void futex(uint32_t *word, int operation, uint32_t value) COEXIST_SIGSAFE {
  coexist_syscall4(SYS_futex, (long)word, operation | FUTEX_PRIVATE_FLAG, (long)value, 0);
}

static void handle(int signal, siginfo_t *info, void *ucontext) COEXIST_SIGSAFE {
  (void)signal;
  if (info->si_code == SI_TIMER) return coexist_core_late();
  uint32_t epoch = __atomic_load_n(&stop.standing, __ATOMIC_ACQUIRE);
  if (epoch == 0) return;
  struct coexist_stopped *here = slot(coexist_gettid());
  if (here->tid == 0 || here->answered == epoch) return;
  here->sp = coexist_uc_sp(ucontext);
  here->registers = (uint64_t)coexist_uc_registers(ucontext);
  __atomic_store_n(&here->answered, epoch, __ATOMIC_RELEASE);
  __atomic_fetch_add(&stop.answers, 1, __ATOMIC_RELEASE);
  while (__atomic_load_n(&stop.standing, __ATOMIC_ACQUIRE) == epoch)
    futex(&stop.standing, FUTEX_WAIT, epoch);
}

// Nobody's signal, from the highest down; asked of the kernel each time, since some runtimes
// install handlers past libc.
static int is_ours(const struct sigaction *action) COEXIST_SIGSAFE {
  return action->sa_sigaction == handle;
}
static void choose_signal(void) COEXIST_SIGSAFE {
  struct sigaction held;
  if (stop.signal != 0 && coexist_real_sigaction(stop.signal, 0, &held) == 0 && is_ours(&held))
    return;
  struct sigaction action = {0};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  memset(&action.sa_mask, 0xFF, sizeof action.sa_mask);
  enum { HIGHEST = 64, LOWEST = 40 };
  for (int signal = HIGHEST; signal >= LOWEST; signal--) {
    if (coexist_real_sigaction(signal, 0, &held) != 0) continue;
    if (is_ours(&held)) {
      stop.signal = signal;
      return;
    }
    if (held.sa_handler != SIG_DFL) continue;
    if (coexist_real_sigaction(signal, &action, 0) != 0) continue;
    stop.signal = signal;
    return;
  }
  stop.signal = 0;
}
int32_t coexist_stop_signal(void) COEXIST_SIGSAFE {
  choose_signal();
  return stop.signal;
}

void coexist_stop_forked(void) {
  stop.taken = 0, stop.standing = 0, stop.closed_count = 0;
}

void coexist_stop_begin(void) {
  uint64_t all = ~(1ull << (SIGSEGV - 1) | 1ull << (SIGBUS - 1) | 1ull << (SIGILL - 1) |
                   1ull << (SIGFPE - 1) | 1ull << (SIGTRAP - 1));
  uint32_t me = (uint32_t)coexist_gettid(), nobody = 0;
  // Open to signals while it waits: the other collector may want this thread to stop.
  while (!__atomic_compare_exchange_n(&stop.taken, &nobody, me, 0, __ATOMIC_ACQ_REL,
                                      __ATOMIC_RELAXED))
    nobody = 0, coexist_sleep(50000);
  coexist_syscall4(SYS_rt_sigprocmask, SIG_BLOCK, (long)&all, (long)&stop.mask_before, 8);
  if (stop.table == 0)
    stop.table = coexist_tls_map(sizeof(struct coexist_stopped) * COEXIST_STOPPED_MAX);
  choose_signal();
  stop.asked = 0, stop.sent = 0, stop.answers = 0;
  if (++stop.epoch == 0) stop.epoch = 1;
  __atomic_store_n(&stop.standing, stop.epoch, __ATOMIC_RELEASE);
}

// Is it gone, or does it keep the signal out? 0 = neither.
static uint8_t silence(int32_t tid) {
  struct coexist_task_signals signals;
  if (!coexist_task_signals(tid, &signals)) return IS_GONE;
  return signals.blocked >> (stop.signal - 1) & 1 ? KEEPS_OUT : 0;
}
static int was_closed(int32_t tid) {
  for (uint32_t i = 0; i < stop.closed_count; i++)
    if (stop.closed[i] == tid) return 1;
  return 0;
}

void coexist_stop_ask(int32_t tid) {
  if (stop.table == 0 || stop.signal == 0 || stop.asked == COEXIST_STOPPED_MAX / 2) return;
  struct coexist_stopped *here = slot(tid);
  here->answered = 0, here->sp = 0;
  __atomic_store_n(&here->tid, tid, __ATOMIC_RELEASE);
  uint8_t why = was_closed(tid) ? silence(tid) : 0;
  if (why == 0) {
    if (coexist_syscall4(SYS_tgkill, coexist_getpid(), tid, stop.signal, 0) != 0) return;
    stop.sent++;
  }
  stop.silent[stop.asked] = why, stop.order[stop.asked++] = here;
}

static void hold_closed(void) {
  stop.closed_count = 0;
  for (uint32_t i = 0; i < stop.asked && stop.closed_count < COEXIST_TRACED_MAX; i++)
    if (stop.silent[i] == KEEPS_OUT) stop.closed[stop.closed_count++] = stop.order[i]->tid;
  if (stop.closed_count == 0) return;
  const struct coexist_traced *held = coexist_trace_hold(stop.closed, stop.closed_count);
  for (uint32_t i = 0, n = 0; held != 0 && i < stop.asked && n < stop.closed_count; i++) {
    if (stop.silent[i] != KEEPS_OUT) continue;
    const struct coexist_traced *task = &held[n++];
    if (task->sp == 0) continue;
    stop.silent[i] = IS_HELD;
    stop.order[i]->sp = task->sp, stop.order[i]->registers = (uint64_t)task->registers;
    __atomic_store_n(&stop.order[i]->answered, stop.epoch, __ATOMIC_RELEASE);
  }
}

static int is_missing(uint32_t asked) {
  return !stop.silent[asked] &&
         __atomic_load_n(&stop.order[asked]->answered, __ATOMIC_ACQUIRE) != stop.epoch;
}
static void wait_for_answers(void) {
  enum { QUICK = 200, LOOK = 20000, AT_ONCE = 64 };
  uint32_t answers, before = 0, next = 0;
  for (unsigned round = 0;
       (answers = __atomic_load_n(&stop.answers, __ATOMIC_ACQUIRE)) < stop.sent; round++) {
    if (round < QUICK) {
      coexist_yield();
      continue;
    }
    coexist_sleep(LOOK);
    // As long as more and more answer nobody is asked why not; then a few at a time.
    if (answers != before) {
      before = answers;
      continue;
    }
    uint32_t looks = 0, seen = 0;
    for (; seen < stop.asked && looks < AT_ONCE; seen++, next = (next + 1) % stop.asked)
      if (is_missing(next)) stop.silent[next] = silence(stop.order[next]->tid), looks++;
    uint32_t i = 0;
    while (seen == stop.asked && i < stop.asked && !is_missing(i)) i++;
    if (i == stop.asked) return;
  }
}
void coexist_stop_wait(void) {
  wait_for_answers();
  hold_closed();
}

uint64_t coexist_stop_asked(void) { return stop.asked; }
uint64_t coexist_stop_silent(void) {
  uint64_t count = 0;
  for (uint32_t i = 0; i < stop.asked; i++)
    count += stop.silent[i] == IS_GONE || stop.silent[i] == KEEPS_OUT;
  return count;
}

void coexist_stop_end(void) {
  __atomic_store_n(&stop.standing, 0, __ATOMIC_RELEASE);
  futex(&stop.standing, FUTEX_WAKE, INT32_MAX);
  coexist_trace_release();
  uint64_t mask = stop.mask_before;
  for (uint32_t i = 0; i < stop.asked; i++)
    __atomic_store_n(&stop.order[i]->tid, 0, __ATOMIC_RELEASE);
  __atomic_store_n(&stop.taken, 0, __ATOMIC_RELEASE);
  coexist_syscall4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&mask, 0, 8);
}

const struct coexist_stopped *coexist_stopped_at(int32_t tid) {
  if (stop.table == 0) return 0;
  const struct coexist_stopped *here = slot(tid);
  return here->tid == tid && __atomic_load_n(&here->answered, __ATOMIC_ACQUIRE) == stop.epoch ? here
                                                                                               : 0;
}
