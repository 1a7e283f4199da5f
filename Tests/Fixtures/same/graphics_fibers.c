// The current context of OpenGL is the OS thread's by its specification (GLX 1.4, 2.2): fibers in
// a program that is linked with it, as stress-ng is, are no reason to say that its state stays.
// library: GLdispatch = guests/current.c
#include <ucontext.h>
#include "support/check.h"

int current(void);
static ucontext_t fiber, host;
static char stack[65536];

static void run(void) { CHECK_EQ(current(), 2); }

int main(void) {
  CHECK_EQ(current(), 1);
  getcontext(&fiber);
  fiber.uc_stack.ss_sp = stack, fiber.uc_stack.ss_size = sizeof stack;
  fiber.uc_link = &host;
  makecontext(&fiber, run, 0);
  swapcontext(&host, &fiber);
  CHECK_EQ(current(), 3);
}
