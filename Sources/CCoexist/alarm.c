// An alarm on the thread that sets it. A timer of the kernel's that nobody else sees: libc's
// timer_create(3) allocates, and is interposed. At its signal stop.c calls the core.
#include <ccoexist/stacks.h>

#include <ccoexist/registers.h>
#include <ccoexist/tables.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static struct {
  uint32_t taken;              // (atomic)
  int32_t pid, tid, id;        // whose timer it is; a child of fork inherits none
  int32_t signal;
} timer;

static int make(int32_t pid, int32_t tid, int32_t signal) COEXIST_SIGSAFE {
  if (timer.pid == pid && timer.tid == tid && timer.signal == signal) return 1;
  if (timer.pid == pid && timer.tid != 0) coexist_syscall4(SYS_timer_delete, timer.id, 0, 0, 0);
  struct sigevent event = {0};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = signal;
  event.sigev_notify_thread_id = tid;
  timer.pid = pid, timer.tid = 0;
  if (coexist_syscall4(SYS_timer_create, CLOCK_MONOTONIC, (long)&event, (long)&timer.id, 0) != 0)
    return 0;
  timer.tid = tid, timer.signal = signal;
  return 1;
}

void coexist_alarm_set(int64_t nanoseconds) COEXIST_SIGSAFE {
  // Who comes at the same moment goes without: the other's alarm serves it, too.
  if (__atomic_exchange_n(&timer.taken, 1, __ATOMIC_ACQUIRE)) return;
  int32_t pid = coexist_getpid();
  int32_t signal = nanoseconds != 0 ? coexist_stop_signal() : timer.signal;
  int is_there = nanoseconds != 0 ? signal != 0 && make(pid, coexist_gettid(), signal)
                                  : timer.pid == pid && timer.tid != 0;
  struct itimerspec spec = {{0, nanoseconds}, {0, nanoseconds}};
  if (is_there) coexist_syscall4(SYS_timer_settime, timer.id, 0, (long)&spec, 0);
  __atomic_store_n(&timer.taken, 0, __ATOMIC_RELEASE);
}
