// Plays Go: the catalogue knows it by the exported name. It reserves its memory and opens it later
// (runtime/mem_linux.go), and its own handler asks for an alternate stack.
#include "guests/small.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>

enum { BELOW = 64 * 1024, ROOM = 1024, ABOVE = 4096, MARK = 0x5A };
static char *low;

void _cgo_topofstack(void);
void _cgo_topofstack(void) {}

static void handler(int number) { (void)number; }

void small_start(void) {
  low = mmap(0, BELOW + ROOM + ABOVE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(low, BELOW + ROOM + ABOVE, PROT_READ | PROT_WRITE);
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK | SA_RESTART};
  sigaction(SIGURG, &action, 0);
}

static void on(char *top, void (*function)(void)) {
  __asm__ volatile("mov %%rsp, %%rbx; mov %0, %%rsp; call *%1; mov %%rbx, %%rsp"
                   :
                   : "r"(top), "r"(function)
                   : "rbx", "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory");
}

long small_run(void (*function)(void)) {
  memset(low, MARK, BELOW);
  on(low + BELOW + ROOM, function);
  long written = 0;
  for (long n = 0; n < BELOW; n++) written += low[n] != MARK;
  return written;
}
