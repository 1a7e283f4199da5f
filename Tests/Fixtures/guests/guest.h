// The general guest: a library that plays a runtime whose answers a test chooses.
// `// library: alpha = guests/guest.c` gives a function `struct guest *alpha(void)`.
#pragma once

#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>

#ifdef __cplusplus
extern "C" {
#endif

enum answer {
  CLAIM,         // skips the faulting instruction, which must be a poke
  JUMP,          // siglongjmp(guest->back)
  UNPROTECT,     // makes the page writable and returns
  RETURN,        // returns without having done anything
  RESET,         // sets SIG_DFL and returns
  PREVIOUS,      // sets what it found at install and returns
  BY_SIGNAL,     // signal(SIG_DFL) and returns
  RAISE,         // sets what it found and raise()s
  PTHREAD_KILL,  // … pthread_kill(self)
  TGKILL,        // … tgkill()
  KILL,          // … kill(getpid())
  REQUEUE,       // … queues the siginfo to itself again, by syscall(SYS_rt_tgsigqueueinfo)
  CALL_OLD,      // calls what it found, or if that is no function sets it and returns
  ANSWERS
};

struct guest {
  enum answer answer;
  // What the last call of the handler saw.
  volatile int asked;
  int number;
  siginfo_t info;
  ucontext_t context;
  unsigned long mask;      // the kernel's, in the handler
  unsigned long libc_mask; // pthread_sigmask's, in the handler
  char *stack;             // address of a local variable
  long sequence;           // of the call among all guests
  struct sigaction found;  // at install
  sigjmp_buf back;
  void (*inside)(void);    // called in the handler first, if set

  // Called from the library's own code.
  void (*install)(int signal, int flags);
  void (*install_mask)(int signal, int flags, sigset_t mask);
  void (*restore)(int signal);  // writes `found` back, as faulthandler.disable does
  void (*remove)(int signal);   // SIG_DFL
  struct sigaction (*query)(int signal);
  void (*poke)(volatile void *address);
  int (*patterns)(volatile void *address);
  void (*illegal)(void);
  void (*breakpoint)(void);
  void (*divide)(void);
  void *(*map)(unsigned long size, int protection);
  void *(*map_file)(int file, unsigned long size, int protection);
  void *(*move)(void *address, unsigned long size, void *to);
  void (*fault_in_libc)(void);
  int (*protect)(void *address, unsigned long size, int protection);
  int (*unmap)(void *address, unsigned long size);
  int (*altstack)(const stack_t *wanted, stack_t *old);
  void (*handler)(int, siginfo_t *, void *);
};

// The names of the answers, for arguments.
__attribute__((unused)) static enum answer answer_named(const char *name) {
  static const char *const names[] = {"claim",    "jump",  "unprotect",    "return", "reset",
                                      "previous", "by_signal", "raise",    "pthread_kill",
                                      "tgkill",   "kill",  "requeue",      "call_old"};
  for (int n = 0; n < ANSWERS; n++)
    if (!__builtin_strcmp(names[n], name)) return (enum answer)n;
  __builtin_trap();
}

// The names that fixtures give their guests.
struct guest *alpha(void);
struct guest *beta(void);
struct guest *delta(void);
#ifdef __cplusplus
}
#endif
