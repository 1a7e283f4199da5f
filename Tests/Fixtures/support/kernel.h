// What the kernel really holds: system calls made here, past libc and past whoever interposes it.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline long kernel(long number, long a, long b, long c, long d) {
  register long r10 __asm__("r10") = d;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                   : "rcx", "r11", "memory");
  return result;
}

// struct kernel_sigaction of linux/signal_types.h on x86_64.
struct kernel_action {
  void *handler;
  unsigned long flags;
  void *restorer;
  unsigned long mask;
};

__attribute__((unused)) static struct kernel_action kernel_action(int signal) {
  struct kernel_action action = {0};
  kernel(SYS_rt_sigaction, signal, 0, (long)&action, 8);
  return action;
}

__attribute__((unused)) static void kernel_install(int signal, struct kernel_action action) {
  kernel(SYS_rt_sigaction, signal, (long)&action, 0, 8);
}

// The mask that is really in force for this thread.
__attribute__((unused)) static unsigned long kernel_mask(void) {
  unsigned long mask = 0;
  kernel(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&mask, 8);
  return mask;
}

__attribute__((unused)) static stack_t kernel_altstack(void) {
  stack_t stack = {0};
  kernel(SYS_sigaltstack, 0, (long)&stack, 0, 0);
  return stack;
}

// A mask of /proc/thread-self/status: SigCgt, SigIgn, SigBlk, SigPnd, ShdPnd.
__attribute__((unused)) static unsigned long status_mask(const char *field) {
  static char text[8192];
  int file = open("/proc/thread-self/status", O_RDONLY);
  ssize_t size = read(file, text, sizeof text - 1);
  close(file);
  text[size > 0 ? size : 0] = 0;
  const char *line = strstr(text, field);
  return line ? strtoul(line + strlen(field) + 1, 0, 16) : 0;
}

#define BIT(signal) (1ul << ((signal) - 1))

// The first word of a sigset_t: signals 1 to 64.
__attribute__((unused)) static unsigned long word_of(const sigset_t *set) {
  unsigned long word;
  memcpy(&word, set, sizeof word);
  return word;
}

// One line about the kernel's action, without addresses.
__attribute__((unused)) static void print_kernel_action(const char *what, int signal) {
  struct kernel_action a = kernel_action(signal);
  const char *handler = a.handler == (void *)0   ? "SIG_DFL"
                        : a.handler == (void *)1 ? "SIG_IGN"
                                                 : "function";
  printf("%s: signal %d %s flags %#lx restorer %d mask %#lx\n", what, signal, handler, a.flags,
         a.restorer != 0, a.mask);
}
