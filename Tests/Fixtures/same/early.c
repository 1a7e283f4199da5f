// sigaction and faults before main: in a library's constructor and in the program's own
// .preinit_array, which runs before every constructor (ELF gABI); and after exit.
// library: early = guests/early.c
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

extern int early_calls;

static void before(void) {
  CHECK_EQ(signal(SIGILL, SIG_IGN), SIG_DFL);
  CHECK_EQ(signal(SIGILL, SIG_DFL), SIG_IGN);
}
__attribute__((section(".preinit_array"), used)) static void (*const preinit)(void) = before;

int main(void) {
  CHECK_EQ(early_calls, 1);
  poke(NOWHERE);
  CHECK_EQ(early_calls, 2);
  CHECK_EQ(kernel_action(SIGFPE).handler, 1);
  print_kernel_action("in main", SIGSEGV);
}
