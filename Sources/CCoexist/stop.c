// Stops threads that a collector does not know, for as long as it marks.
//
// A thread answers by its kernel id, in a table that the collector filled before: neither its
// record nor its thread-local storage is needed, so threads from a raw clone(2) are served, too.
// Who cannot answer, because it keeps every signal out, is not waited for.
#include <ccoexist/stacks.h>

#include <ccoexist/registers.h>
#include <ccoexist/tables.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <ccoexist/tls.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static struct {
  uint32_t taken;     // (atomic) by whom: kernel id
  uint32_t epoch;     // (atomic) grows with each stop
  uint32_t standing;  // (atomic) the epoch that stands still; 0 = none
  uint32_t answers;   // (atomic)
  int32_t signal;
  uint32_t asked;
  uint64_t mask_before;
  struct coexist_stopped *table;
  struct coexist_stopped *order[COEXIST_STOPPED_MAX / 2];  // who was asked
  uint8_t silent[COEXIST_STOPPED_MAX / 2];                 // and will not answer
} stop;

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
  (void)signal, (void)info;
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
static int is_ours(const struct sigaction *action) { return action->sa_sigaction == handle; }
static void choose_signal(void) {
  struct sigaction held;
  if (stop.signal != 0 && coexist_real_sigaction(stop.signal, 0, &held) == 0 && is_ours(&held))
    return;
  struct sigaction action = {0};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  memset(&action.sa_mask, 0xFF, sizeof action.sa_mask);
  enum { HIGHEST = 64, LOWEST = 40 };
  for (int signal = HIGHEST; signal >= LOWEST; signal--) {
    if (coexist_real_sigaction(signal, 0, &held) != 0 || held.sa_handler != SIG_DFL) continue;
    if (coexist_real_sigaction(signal, &action, 0) != 0) continue;
    stop.signal = signal;
    return;
  }
  stop.signal = 0;
}

void coexist_stop_forked(void) {
  stop.taken = 0, stop.standing = 0;
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
  stop.asked = 0, stop.answers = 0;
  if (++stop.epoch == 0) stop.epoch = 1;
  __atomic_store_n(&stop.standing, stop.epoch, __ATOMIC_RELEASE);
}

void coexist_stop_ask(int32_t tid) {
  if (stop.table == 0 || stop.signal == 0 || stop.asked == COEXIST_STOPPED_MAX / 2) return;
  struct coexist_stopped *here = slot(tid);
  here->answered = 0, here->sp = 0;
  __atomic_store_n(&here->tid, tid, __ATOMIC_RELEASE);
  if (coexist_syscall4(SYS_tgkill, coexist_getpid(), tid, stop.signal, 0) == 0)
    stop.silent[stop.asked] = 0, stop.order[stop.asked++] = here;
}

static long read_file(int32_t tid, const char *name, char *text, long size) COEXIST_SIGSAFE {
  char path[64] = "/proc/self/task/", digits[16];
  char *to = path + 16;
  int count = 0;
  for (uint32_t rest = (uint32_t)tid; rest != 0; rest /= 10)
    digits[count++] = (char)('0' + rest % 10);
  while (count > 0) *to++ = digits[--count];
  *to++ = '/';
  while (*name != 0) *to++ = *name++;
  *to = 0;
  int fd = (int)coexist_syscall4(SYS_open, (long)path, O_RDONLY | O_CLOEXEC, 0, 0);
  if (fd < 0) return -1;
  long length = coexist_syscall4(SYS_read, fd, (long)text, size - 1, 0);
  coexist_syscall4(SYS_close, fd, 0, 0, 0);
  text[length > 0 ? length : 0] = 0;
  return length;
}
static uint64_t hexadecimal(const char *at) {
  uint64_t value = 0;
  for (;; at++) {
    int digit = *at >= '0' && *at <= '9'   ? *at - '0'
                : *at >= 'a' && *at <= 'f' ? *at - 'a' + 10
                                           : -1;
    if (digit < 0) return value;
    value = value << 4 | (uint64_t)digit;
  }
}

// Is it gone, or does it keep the signal out? proc(5), status.
static int never_answers(int32_t tid) {
  char text[2048];
  if (read_file(tid, "status", text, sizeof text) <= 0) return 1;
  const char *blocked = strstr(text, "SigBlk:\t");
  return blocked == 0 || (hexadecimal(blocked + 8) >> (stop.signal - 1) & 1);
}

void coexist_stop_wait(void) {
  enum { QUICK = 200, LOOK = 20000 };
  for (unsigned round = 0; __atomic_load_n(&stop.answers, __ATOMIC_ACQUIRE) < stop.asked; round++) {
    if (round < QUICK) {
      coexist_yield();
      continue;
    }
    uint32_t missing = 0;
    for (uint32_t i = 0; i < stop.asked; i++) {
      const struct coexist_stopped *here = stop.order[i];
      if (stop.silent[i] || __atomic_load_n(&here->answered, __ATOMIC_ACQUIRE) == stop.epoch)
        continue;
      stop.silent[i] = (uint8_t)never_answers(here->tid);
      missing += !stop.silent[i];
    }
    if (missing == 0) return;
    coexist_sleep(LOOK);
  }
}

uint64_t coexist_stop_asked(void) { return stop.asked; }
uint64_t coexist_stop_silent(void) {
  uint64_t count = 0;
  for (uint32_t i = 0; i < stop.asked; i++) count += stop.silent[i];
  return count;
}

void coexist_stop_end(void) {
  __atomic_store_n(&stop.standing, 0, __ATOMIC_RELEASE);
  futex(&stop.standing, FUTEX_WAKE, INT32_MAX);
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

// "NUMBER arguments… SP PC", or "running": proc(5), syscall.
uint64_t coexist_waiting_sp(int32_t tid) {
  char text[256];
  if (read_file(tid, "syscall", text, sizeof text) <= 0 || text[0] == 'r') return 0;
  char *pc = strrchr(text, ' ');
  if (pc == 0) return 0;
  *pc = 0;
  const char *sp = strrchr(text, ' ');
  return sp == 0 ? 0 : hexadecimal(sp + 3);
}

uint64_t coexist_tasks_count(void) {
  struct stat info;
  long error = coexist_syscall4(SYS_stat, (long)"/proc/self/task", (long)&info, 0, 0);
  return error != 0 ? 0 : info.st_nlink - 2;
}

struct entry {
  uint64_t inode, offset;
  uint16_t length;
  uint8_t type;
  char name[];
};
void coexist_tasks_each(void (*visit)(int32_t tid)) {
  char buffer[4096];
  enum { FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC };
  int fd = (int)coexist_syscall4(SYS_open, (long)"/proc/self/task", FLAGS, 0, 0);
  long got;
  while (fd >= 0 &&
         (got = coexist_syscall4(SYS_getdents64, fd, (long)buffer, sizeof buffer, 0)) > 0)
    for (long at = 0; at < got; at += ((struct entry *)(buffer + at))->length) {
      int32_t tid = 0;
      for (const char *c = ((struct entry *)(buffer + at))->name; *c >= '0' && *c <= '9'; c++)
        tid = tid * 10 + (*c - '0');
      if (tid != 0) visit(tid);
    }
  if (fd >= 0) coexist_syscall4(SYS_close, fd, 0, 0, 0);
}
