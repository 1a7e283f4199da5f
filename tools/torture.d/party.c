#include "party.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static struct party self;
// Tells its own values from those of the others.
static const uint64_t mark = (uint64_t)PARTY << 56;

__attribute__((naked, noinline)) static void poke(volatile void *address) {
  __asm__("movb $1, (%rdi)\n\tret");
  (void)address;
}
enum { POKE_SIZE = 3 };

static void repair(siginfo_t *info, void *context) {
  ucontext_t *interrupted = context;
  if (interrupted->uc_mcontext.gregs[REG_RIP] != (greg_t)poke || info->si_addr != (void *)16) {
    more(&self.wrong);
    return;  // not ours: declined
  }
  more(&self.repaired);
  interrupted->uc_mcontext.gregs[REG_RIP] += POKE_SIZE;
}
static void take(siginfo_t *info) {
  uint64_t given = (uint64_t)info->si_value.sival_ptr;
  if (info->si_code != SI_QUEUE || given >> 56 != PARTY) {
    more(&self.wrong);
    return;
  }
  more(&self.got);
  more(&self.latency[bucket(now() - (given & ~(0xffull << 56)))]);
}
static void serve(int signal, siginfo_t *info, void *context) {
  int error = errno;
  if (signal == SIGSEGV) {
    repair(info, context);
  } else if (signal == QUEUED) {
    take(info);
  } else {
    // Reading what was sent must not move in front of the delivery.
    uint64_t sent = value(&self.killed), seen = value(&self.seen);
    while (seen < sent && !__atomic_compare_exchange_n(&self.seen, &seen, sent, 0,
                                                       __ATOMIC_RELEASE, __ATOMIC_ACQUIRE)) {}
  }
  errno = error;
}
static void other(int signal, siginfo_t *info, void *context) { serve(signal, info, context); }

static void install(unsigned variant) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = variant & 1 ? other : serve;
  action.sa_flags = SA_SIGINFO | SA_RESTART | (variant & 2 ? SA_ONSTACK : 0);
  if (variant & 1) sigaddset(&action.sa_mask, PLAIN);
  if (variant & 2) sigaddset(&action.sa_mask, QUEUED);
  sigaction(SIGSEGV, &action, NULL);
  sigaction(QUEUED, &action, NULL);
  sigaction(PLAIN, &action, NULL);
}
static void away(void) {
  signal(SIGSEGV, SIG_DFL), signal(QUEUED, SIG_DFL), signal(PLAIN, SIG_DFL);
}

static int queue(pthread_t thread) {
  union sigval given = {.sival_ptr = (void *)(mark | now())};
  more(&self.queued);
  int result = thread != 0 ? pthread_sigqueue(thread, QUEUED, given)
                           : sigqueue(getpid(), QUEUED, given) ? errno : 0;
  if (result != 0) __atomic_sub_fetch(&self.queued, 1, __ATOMIC_RELAXED);
  return result;
}
static int kill_thread(pthread_t thread) {
  more(&self.killed);
  return thread != 0 ? pthread_kill(thread, PLAIN) : kill(getpid(), PLAIN) ? errno : 0;
}
static void fault(void) {
  more(&self.faults);
  poke((volatile void *)16);
}
static void remap(void) {
  void *code = mmap(NULL, 16384, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(code, 4096, PROT_NONE);
  mprotect(code, 4096, PROT_READ | PROT_EXEC);
  munmap(code, 16384);
}

static struct party self = {install, away, queue, kill_thread, fault, remap,
                            0, 0, 0, 0, 0, 0, 0, {0}};
struct party *party(void) { return &self; }
