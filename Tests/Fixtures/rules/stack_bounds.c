// pthread_getattr_np tells the stack that the caller stands on: its fiber's, also one that nobody
// announced; in a handler on an alternate stack the thread's.
#include <pthread.h>
#include <ucontext.h>
#include "support/check.h"
#include "support/fault.h"

enum { SIZE = 256 * 1024 };
static char *expected;
static ucontext_t home, fiber;

static void ask(char **low, size_t *size) {
  pthread_attr_t attributes;
  CHECK_EQ(pthread_getattr_np(pthread_self(), &attributes), 0);
  void *start;
  CHECK_EQ(pthread_attr_getstack(&attributes, &start, size), 0);
  *low = start;
  pthread_attr_destroy(&attributes);
}
static int holds(const char *address) {
  char *low;
  size_t size;
  ask(&low, &size);
  return address >= low && address < low + size;
}

static void on_fiber(void) {
  char here, *low;
  size_t size;
  ask(&low, &size);
  CHECK_EQ(low, expected);
  CHECK_EQ(size, SIZE);
  CHECK(&here > low && &here < low + size);
}

// A stack that only code of its own switches to, as SBCL does for Lisp.
static void on_mapping(void) {
  char here;
  CHECK(holds(&here));
}
static void call_on(char *top, void (*function)(void)) {
  __asm__ volatile("mov %%rsp, %%rbx\n mov %0, %%rsp\n call *%1\n mov %%rbx, %%rsp"
                   : : "r"(top), "r"(function)
                   : "rbx", "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory");
}

static char *of_thread;
static void handler(int signal) {
  (void)signal;
  CHECK(holds(of_thread));
}

int main(void) {
  char here;
  of_thread = &here;
  CHECK(holds(&here));
  expected = map(SIZE, PROT_READ | PROT_WRITE);
  getcontext(&fiber);
  fiber.uc_stack.ss_sp = expected;
  fiber.uc_stack.ss_size = SIZE;
  fiber.uc_link = &home;
  makecontext(&fiber, on_fiber, 0);
  swapcontext(&home, &fiber);
  call_on((char *)map(SIZE, PROT_READ | PROT_WRITE) + SIZE, on_mapping);
  stack_t alternate = {.ss_sp = malloc(SIZE), .ss_size = SIZE};
  sigaltstack(&alternate, 0);
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR1, &action, 0);
  raise(SIGUSR1);
  CHECK(holds(&here));
}
