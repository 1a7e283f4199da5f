// The machine as the core needs it: clock, ids, memory blocks. Raw system calls where libc's
// wrapper is interposed by us or could lock.
#include <ccoexist/tables.h>

#include <errno.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

extern char *program_invocation_short_name;
const char *coexist_program_name(void) COEXIST_SIGSAFE { return program_invocation_short_name; }

// clock_gettime(2) is async-signal-safe (signal-safety(7)); the header can't say so.
uint64_t coexist_clock_ns(int clock) COEXIST_SIGSAFE {
  struct timespec time;
  typedef int (*safe)(clockid_t, struct timespec *) COEXIST_SIGSAFE;
  ((safe)clock_gettime)(clock, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

int32_t coexist_gettid(void) COEXIST_SIGSAFE {
  return (int32_t)coexist_syscall4(SYS_gettid, 0, 0, 0, 0);
}
// The clock of a thread's CPU time has its id in it (Linux include/linux/posix-timers.h
// CPUCLOCK_PID), and libc makes the one from the other (nptl/pthread_getcpuclockid.c).
int32_t coexist_libc_tid(void) {
  clockid_t clock;
  return pthread_getcpuclockid(pthread_self(), &clock) == 0 ? ~(clock >> 3) : coexist_gettid();
}
int32_t coexist_getpid(void) COEXIST_SIGSAFE {
  return (int32_t)coexist_syscall4(SYS_getpid, 0, 0, 0, 0);
}

int32_t coexist_wait_id(int type, int32_t id, int options) COEXIST_SIGSAFE {
  siginfo_t info;
  info.si_pid = 0;
  register long flags __asm__("r10") = options;
  register long usage __asm__("r8") = 0;
  long result;
  __asm__ volatile("syscall" : "=a"(result)
                   : "a"(SYS_waitid), "D"((long)type), "S"((long)id), "d"(&info), "r"(flags),
                     "r"(usage)
                   : "rcx", "r11", "memory");
  return result < 0 ? (int32_t)result : info.si_pid;
}
int coexist_adopts_orphans(void) COEXIST_SIGSAFE {
  int is = 0;
  coexist_syscall4(SYS_prctl, PR_GET_CHILD_SUBREAPER, (long)&is, 0, 0);
  return is || coexist_getpid() == 1;
}

// Address of new memory, or a negative errno value.
static long map(long size) COEXIST_SIGSAFE {
  register long flags __asm__("r10") = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  register long fd __asm__("r8") = -1;
  register long offset __asm__("r9") = 0;
  long result;
  __asm__ volatile("syscall" : "=a"(result)
                   : "a"(SYS_mmap), "D"(0), "S"(size), "d"(PROT_READ | PROT_WRITE), "r"(flags),
                     "r"(fd), "r"(offset)
                   : "rcx", "r11", "memory");
  return result;
}

// Blocks that are mapped and were never used: (atomic) the first one's address, and their number in
// the bits that are zero in an address. 0 = none.
static uint64_t fresh_blocks;
static long fresh_block(void) COEXIST_SIGSAFE {
  uint64_t head = __atomic_load_n(&fresh_blocks, __ATOMIC_RELAXED), rest;
  do {
    if (head == 0) return 0;
    rest = head % COEXIST_BLOCK_SIZE == 1 ? 0 : head + COEXIST_BLOCK_SIZE - 1;
  } while (!__atomic_compare_exchange_n(&fresh_blocks, &head, rest, 0, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED));
  return (long)(head & ~(COEXIST_BLOCK_SIZE - 1ull));
}

static void unmap(long low, long end) COEXIST_SIGSAFE {
  if (low != end) coexist_syscall4(SYS_munmap, low, end - low, 0, 0);
}

// One mapping for the blocks of several threads: fewer calls, and fewer areas of the kernel's
// (vm.max_map_count), since one thread's alternate stack and the next one's record are one. Where
// it isn't aligned one block less comes of it; since Linux 6.7 that of a huge page's size is
// (mm/huge_memory.c thp_get_unmapped_area). None comes there: a guard page is closed before.
static long map_blocks(long count) COEXIST_SIGSAFE {
  long low = map(count * COEXIST_BLOCK_SIZE);
  if (low < 0 && low > -4096) return 0;
  long first = (low + COEXIST_BLOCK_SIZE - 1) & ~(COEXIST_BLOCK_SIZE - 1l);
  long rest = first + COEXIST_BLOCK_SIZE;
  long mapped = low + count * COEXIST_BLOCK_SIZE, end = mapped & ~(COEXIST_BLOCK_SIZE - 1l);
  unmap(low, first);
  unmap(end, mapped);
  uint64_t none = 0, head = (uint64_t)rest + (uint64_t)((end - rest) / COEXIST_BLOCK_SIZE);
  // Another thread has mapped some meanwhile: one surplus is enough.
  if (rest != end && !__atomic_compare_exchange_n(&fresh_blocks, &none, head, 0, __ATOMIC_RELAXED,
                                                  __ATOMIC_RELAXED))
    unmap(rest, end);
  return first;
}

// Zero pages until it is used: without a record the first thread could take no signal. One thread
// gets it, when the kernel has no memory for any other.
static char spare[2 * COEXIST_BLOCK_SIZE];
static int spare_used;
static long spare_block(void) COEXIST_SIGSAFE {
  if (__atomic_exchange_n(&spare_used, 1, __ATOMIC_RELAXED)) return 0;
  return ((long)spare + COEXIST_BLOCK_SIZE - 1) & ~(COEXIST_BLOCK_SIZE - 1l);
}

struct coexist_thread *coexist_block_map(void) COEXIST_SIGSAFE {
  enum { MANY = 8, ONE_IF_NOT_ALIGNED = 2 };
  long block = fresh_block();
  if (block == 0) block = map_blocks(MANY);
  if (block == 0) block = map_blocks(ONE_IF_NOT_ALIGNED);
  if (block == 0) block = spare_block();
  if (block == 0) return 0;
  coexist_syscall4(SYS_mprotect, block + COEXIST_RECORD_SIZE, COEXIST_GUARD_SIZE, PROT_NONE, 0);
  return (struct coexist_thread *)block;
}

uint64_t coexist_stack_limit(void) COEXIST_SIGSAFE {
  enum { GIB = 1 << 30 };
  struct rlimit limit = {0, 0};
  coexist_syscall4(SYS_prlimit64, 0, RLIMIT_STACK, 0, (long)&limit);
  return limit.rlim_cur == 0 || limit.rlim_cur > GIB ? GIB : limit.rlim_cur;
}

typedef unsigned long (*safe_getauxval)(unsigned long) COEXIST_SIGSAFE;

// The kernel puts the program's file name at the very top of the main thread's stack (fs/exec.c).
uint64_t coexist_stack_end(void) COEXIST_SIGSAFE {
  const char *top = (const char *)((safe_getauxval)getauxval)(AT_EXECFN);
  while (top != 0 && *top != 0) top++;
  return ((uint64_t)top + 4095) & ~4095ull;
}

uint64_t coexist_minimum_stack(void) COEXIST_SIGSAFE {
  return 2048;  // MINSIGSTKSZ of the kernel's ABI, whatever a frame takes (do_sigaltstack)
}
uint64_t coexist_program_entry(void) COEXIST_SIGSAFE {
  return ((safe_getauxval)getauxval)(AT_ENTRY);
}

// libc adds its restorer to every action. SIGTRAP is set to what it is and put back raw, so that
// nobody reads a difference.
uint64_t coexist_find_restorer(void) {
  struct sigaction act;
  struct {
    uint64_t handler, flags, restorer, mask;
  } before = {0, 0, 0, 0}, with_restorer = {0, 0, 0, 0};
  coexist_syscall4(SYS_rt_sigaction, SIGTRAP, 0, (long)&before, 8);
  coexist_real.sigaction(SIGTRAP, NULL, &act);
  coexist_real.sigaction(SIGTRAP, &act, NULL);
  coexist_syscall4(SYS_rt_sigaction, SIGTRAP, 0, (long)&with_restorer, 8);
  coexist_syscall4(SYS_rt_sigaction, SIGTRAP, (long)&before, 0, 8);
  return with_restorer.restorer;
}

COEXIST_INITIAL_EXEC_BEGIN
int coexist_errno(void) COEXIST_SIGSAFE { return errno; }
COEXIST_INITIAL_EXEC_END

_Noreturn void coexist_out_of_memory(void) COEXIST_SIGSAFE {
  const char text[] = "coexist: error[W207]: no memory for the record of a thread that a "
                             "signal interrupted; the process ends as by abort(3)\n";
  coexist_write_log(text, sizeof text - 1);
  for (;;) coexist_syscall4(SYS_exit_group, 134, 0, 0, 0);
}

// The clocks of the interval timers as POSIX timers know them: Linux kernel/time/itimer.c,
// include/uapi/linux/time.h, include/linux/posix-timers.h (CPUCLOCK_PROF 0, CPUCLOCK_VIRT 1).
static clockid_t interval_clock(uint32_t which) COEXIST_SIGSAFE {
  enum { OF_THIS_PROCESS = ~0u << 3, PROFILED = 0, USER_ONLY = 1 };
  return which == ITIMER_REAL      ? CLOCK_MONOTONIC
         : which == ITIMER_VIRTUAL ? (clockid_t)(OF_THIS_PROCESS | USER_ONLY)
                                   : (clockid_t)(OF_THIS_PROCESS | PROFILED);
}
int32_t coexist_timer_make(uint32_t which) COEXIST_SIGSAFE {
  int signal = which == ITIMER_REAL ? SIGALRM : which == ITIMER_VIRTUAL ? SIGVTALRM : SIGPROF;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = signal};
  int32_t id = -1;
  coexist_syscall4(SYS_timer_create, interval_clock(which), (long)&event, (long)&id, 0);
  return id;
}
void coexist_timer_delete(int32_t id) COEXIST_SIGSAFE {
  coexist_syscall4(SYS_timer_delete, id, 0, 0, 0);
}
int coexist_timer_runs(uint32_t which) COEXIST_SIGSAFE {
  struct itimerval now = {0};
  coexist_syscall4(SYS_getitimer, which, (long)&now, 0, 0);
  return now.it_value.tv_sec != 0 || now.it_value.tv_usec != 0;
}
void coexist_timer_move(uint32_t which, int32_t id) COEXIST_SIGSAFE {
  struct itimerval none = {0}, was = {0};
  coexist_syscall4(SYS_setitimer, which, (long)&none, (long)&was, 0);
  struct itimerspec same = {{was.it_interval.tv_sec, was.it_interval.tv_usec * 1000},
                            {was.it_value.tv_sec, was.it_value.tv_usec * 1000}};
  coexist_syscall4(SYS_timer_settime, id, 0, (long)&same, 0);
}

// rt_sigprocmask(2) reads its new mask before it refuses an unknown way, and writes its old one.
static int readable(long address) COEXIST_SIGSAFE {
  return coexist_syscall4(SYS_rt_sigprocmask, -1, address, 0, 8) != -EFAULT;
}
static int writable(long address) COEXIST_SIGSAFE {
  return coexist_syscall4(SYS_rt_sigprocmask, 0, 0, address, 8) != -EFAULT;
}
static int crosses_a_page(const void *bytes, uint64_t size) COEXIST_SIGSAFE {
  return ((uint64_t)bytes ^ ((uint64_t)bytes + size - 1)) >> 12 != 0;
}
int coexist_can_read(const void *bytes, uint64_t size) COEXIST_SIGSAFE {
  return readable((long)bytes) &&
         (!crosses_a_page(bytes, size) || readable((long)bytes + (long)size - 8));
}
int coexist_can_write(void *bytes, uint64_t size) COEXIST_SIGSAFE {
  return writable((long)bytes) &&
         (!crosses_a_page(bytes, size) || writable((long)bytes + (long)size - 8));
}
