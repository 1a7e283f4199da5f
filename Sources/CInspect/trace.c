// Copies a thread's registers and stack: the thread stands still for some microseconds only, and is
// unwound from the copy.
#include <CInspect.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

long inspect_read_memory(int pid, uint64_t address, void *to, size_t size) {
  struct iovec local = {to, size}, remote = {(void *)(uintptr_t)address, size};
  return process_vm_readv(pid, &local, 1, &remote, 1, 0);
}

// Waits until the thread stands still. A thread in an uninterruptible sleep does not come.
static int wait_for_stop(int tid, int *status) {
  uint64_t begin = now_ns();
  for (int tries = 0;; tries++) {
    int got = waitpid(tid, status, __WALL | WNOHANG);
    if (got == tid) return WIFSTOPPED(*status) ? 0 : ESRCH;
    if (got < 0 && errno != EINTR) return errno;
    if (tries > 100 && now_ns() - begin > 100000000u) return ETIMEDOUT;
    if (tries < 200) sched_yield();
    else usleep(100);
  }
}

static void copy_registers(const struct user_regs_struct *from, uint64_t *to) {
  // The order of DWARF: System V ABI, AMD64 supplement, figure 3.36.
  const uint64_t values[INSPECT_REGISTERS] = {
      from->rax, from->rdx, from->rcx, from->rbx, from->rsi, from->rdi, from->rbp, from->rsp,
      from->r8, from->r9, from->r10, from->r11, from->r12, from->r13, from->r14, from->r15,
      from->rip};
  for (int i = 0; i < INSPECT_REGISTERS; i++) to[i] = values[i];
}

// How much lies between the stack pointer and the end of its mapping.
static size_t live_size(uint64_t low, const struct inspect_span *spans, size_t count, size_t room) {
  size_t first = 0, end = count;
  while (first < end) {
    size_t middle = (first + end) / 2;
    if (spans[middle].high <= low) first = middle + 1;
    else end = middle;
  }
  if (first == count || low < spans[first].low) return room < 4096 ? room : 4096;
  uint64_t size = spans[first].high - low;
  return size < room ? (size_t)size : room;
}

int inspect_copy_thread(int pid, int tid, const struct inspect_span *spans, size_t count,
                        struct inspect_thread *thread) {
  if (ptrace(PTRACE_SEIZE, tid, 0, 0) != 0) return errno;
  int status = 0;
  if (ptrace(PTRACE_INTERRUPT, tid, 0, 0) != 0) return errno;
  int error = wait_for_stop(tid, &status);
  if (error != 0) return error;  // a thread that never stops is let go when the tool ends
  uint64_t begin = now_ns();
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, tid, 0, &registers) != 0) error = errno;
  if (error == 0) {
    copy_registers(&registers, thread->registers);
    thread->start = registers.rsp & ~(uint64_t)15;
    size_t size = live_size(thread->start, spans, count, thread->room);
    long got = inspect_read_memory(pid, thread->start, thread->stack, size);
    thread->size = got > 0 ? (size_t)got : 0;
  }
  // A signal that was on its way arrives as it would have.
  int signal = status >> 16 == 0 ? WSTOPSIG(status) : 0;
  ptrace(PTRACE_DETACH, tid, 0, signal);
  thread->stopped_ns = now_ns() - begin;
  return error;
}
