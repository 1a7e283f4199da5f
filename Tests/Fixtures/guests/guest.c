// See guest.h. The protocols of a decline are those of signals.md 1d.
#include "guests/guest.h"
#include <pthread.h>
#include <sys/syscall.h>
#include "support/kernel.h"
#include "support/registers.h"

static struct guest self;

long guest_clock;  // one for all guests: the first library's

static int skip(int number) {
  return number == SIGILL   ? ILLEGAL_SIZE
         : number == SIGFPE ? DIVIDE_SIZE
         : number == SIGSEGV || number == SIGBUS ? POKE_SIZE
                                                 : 0;  // breakpoints are past already
}

static void put_back(int number) { CHECK_EQ(sigaction(number, &self.found, 0), 0); }

static void handler(int number, siginfo_t *info, void *context) {
  char here;
  self.mask = kernel_mask();
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, 0, &mask);
  self.libc_mask = word_of(&mask);
  self.stack = &here;
  self.number = number;
  if (info) self.info = *info;
  self.context = *(ucontext_t *)context;
  self.sequence = ++guest_clock;
  self.asked++;
  if (self.inside) self.inside();
  struct sigaction none = {.sa_handler = SIG_DFL};
  switch (self.answer) {
    case CLAIM: REGISTER(context, RIP) += skip(number); break;
    case JUMP: siglongjmp(self.back, 1);
    case UNPROTECT:
      mprotect((void *)((long)info->si_addr & -4096), 4096, PROT_READ | PROT_WRITE);
      break;
    case RETURN: break;
    case RESET: CHECK_EQ(sigaction(number, &none, 0), 0); break;
    case PREVIOUS: put_back(number); break;
    case BY_SIGNAL: CHECK(signal(number, SIG_DFL) != SIG_ERR); break;
    case RAISE: put_back(number), raise(number); break;
    case PTHREAD_KILL: put_back(number), pthread_kill(pthread_self(), number); break;
    case TGKILL: put_back(number), tgkill(getpid(), gettid(), number); break;
    case KILL: put_back(number), kill(getpid(), number); break;
    case REQUEUE:
      put_back(number), syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), number, info);
      break;
    case CALL_OLD:
      if (self.found.sa_handler == SIG_DFL || self.found.sa_handler == SIG_IGN)
        put_back(number);
      else
        self.found.sa_sigaction(number, info, context);
      break;
    case ANSWERS: break;
  }
}

static void install_mask(int signal, int flags, sigset_t mask) {
  struct sigaction new = action(handler, flags);
  new.sa_mask = mask;
  CHECK_EQ(sigaction(signal, &new, &self.found), 0);
}

static void install(int signal, int flags) {
  sigset_t none;
  sigemptyset(&none);
  install_mask(signal, flags, none);
}

static void remove_here(int signal) {
  struct sigaction none = {.sa_handler = SIG_DFL};
  CHECK_EQ(sigaction(signal, &none, 0), 0);
}

static struct sigaction query(int signal) {
  struct sigaction now;
  CHECK_EQ(sigaction(signal, 0, &now), 0);
  return now;
}

// Wrappers, so that the call comes from this library and not from the test (no tail calls).
static void *map_here(unsigned long size, int protection) {
  void *memory = map(size, protection);
  CHECK(memory != 0);
  return memory;
}
static void *map_file(int file, unsigned long size, int protection) {
  void *memory = mmap(0, size, protection, MAP_SHARED, file, 0);
  CHECK(memory != MAP_FAILED);
  return memory;
}
static void *move(void *address, unsigned long size, void *to) {
  void *moved = mremap(address, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to);
  CHECK_EQ(moved, to);
  return moved;
}
static void fault_in_libc(void) {
  volatile size_t size = 1000;
  memset((void *)NOWHERE, 0, size);
  CHECK(size);
}
static int protect(void *address, unsigned long size, int protection) {
  CHECK_EQ(mprotect(address, size, protection), 0);
  return 0;
}
static int unmap(void *address, unsigned long size) {
  CHECK_EQ(munmap(address, size), 0);
  return 0;
}
static int altstack(const stack_t *new, stack_t *old) {
  int result = sigaltstack(new, old);
  return result ? -errno : 0;
}

struct guest *NAME(void) {
  self.install = install, self.install_mask = install_mask, self.restore = put_back;
  self.remove = remove_here;
  self.query = query, self.poke = poke, self.patterns = fault_with_patterns;
  self.illegal = illegal, self.breakpoint = breakpoint, self.divide = divide_by_zero;
  self.map = map_here, self.map_file = map_file, self.move = move;
  self.fault_in_libc = fault_in_libc, self.protect = protect, self.unmap = unmap;
  self.altstack = altstack, self.handler = handler;
  return &self;
}
