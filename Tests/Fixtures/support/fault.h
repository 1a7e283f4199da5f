// Faults at known instructions. Every file that includes this has its own copies: the faulting
// instruction belongs to the library that the file is built into.
#pragma once

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define REGISTER(context, name) (((ucontext_t *)(context))->uc_mcontext.gregs[REG_##name])

// FAULTS_ELSEWHERE: the program's faults are those of guests/company.c, which exports its own.
#ifdef __cplusplus
extern "C" {
#endif
#if defined FAULTS_ELSEWHERE
#define FAULT(declaration, code) declaration
#elif defined FAULTS_EXPORTED
#define FAULT(declaration, code) \
  __attribute__((naked, noinline)) declaration { __asm__(code); } typedef int fault_end
#else
#define FAULT(declaration, code)                                                  \
  __attribute__((naked, noinline, unused)) static declaration { __asm__(code); } \
  typedef int fault_end
#endif

// A handler that adds the size to RIP makes the function return.
FAULT(void poke(volatile void *address __attribute__((unused))), "movb $1, (%rdi)\n\tret");
FAULT(int peek(const volatile void *address __attribute__((unused))), "mov (%rdi), %eax\n\tret");
FAULT(void illegal(void), "ud2\n\tret");
FAULT(void breakpoint(void), "int3\n\tret");  // reported with RIP already past it
FAULT(void divide_by_zero(void), "mov $1, %eax\n\txor %edx, %edx\n\tmov %edx, %ecx\n\t"
                                 "idiv %ecx\n\tret");
#ifdef __cplusplus
}
#endif
enum { POKE_SIZE = 3, PEEK_SIZE = 2, ILLEGAL_SIZE = 2, DIVIDE_SIZE = 2 };

// An address in the first page, which nobody can map.
#define NOWHERE ((volatile void *)16)

__attribute__((unused)) static void *map(size_t size, int protection) {
  void *memory = mmap(0, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? 0 : memory;
}

// A mapped page behind the end of its file: touching it gives SIGBUS (mmap(2)).
__attribute__((unused)) static void *map_past_end(void) {
  int file = memfd_create("empty", 0);
  void *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  return page == MAP_FAILED ? 0 : page;
}

// Overflows the stack, 1 KiB a frame; pass any address.
__attribute__((noinline, unused)) static int overflow_stack(volatile char *above) {
  volatile char frame[1024];
  frame[0] = *above + 1;
  return (above ? overflow_stack(frame) : 0) + frame[0];
}

// sigaction in one line.
__attribute__((unused)) static struct sigaction action(void (*handler)(int, siginfo_t *, void *),
                                                       int flags) {
  struct sigaction result;
  memset(&result, 0, sizeof result);
  result.sa_sigaction = handler;
  result.sa_flags = flags;
  return result;
}
