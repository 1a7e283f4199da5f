// One runtime: a library with a handler of its own. Built several times, each with its own SONAME.
#define _GNU_SOURCE
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define EXPORT __attribute__((visibility("default")))

static char *page;                // what a fault touches; NULL = a null reference
static struct sigaction previous;

static void claim(int signal, siginfo_t *info, void *context) {
  (void)signal, (void)info;
  ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 3;  // past the load in party_fault
}

// "Not mine", as natively: to the handler below, else SIG_DFL and back to the instruction.
static void decline(int signal, siginfo_t *info, void *context) {
  if (previous.sa_handler != SIG_DFL) {
    previous.sa_sigaction(signal, info, context);
    return;
  }
  struct sigaction none = {.sa_handler = SIG_DFL};
  sigaction(signal, &none, NULL);
}

EXPORT void party_install(int flags, int masks_all, int declines) {
  struct sigaction act = {.sa_flags = SA_SIGINFO | flags};
  act.sa_sigaction = declines ? decline : claim;
  if (masks_all) sigfillset(&act.sa_mask);
  sigaction(SIGSEGV, &act, &previous);
}

// A closed page of the party's own, for rows in which the touched address has an owner.
EXPORT void party_close_page(void) {
  page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

EXPORT void party_fault(void) {
  __asm__ volatile(".byte 0x48, 0x8b, 0x00" : : "a"(page) : "memory");  // mov (%rax), %rax
}

EXPORT void party_regions(long count, int protection) {
  char *all = mmap(NULL, (size_t)count * 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                   -1, 0);
  for (long i = 0; i < count; i++) mprotect(all + i * 8192, 4096, protection);
  page = all;
}
EXPORT void *party_page(void) { return page; }

static char *room;
// mmap and munmap, or mprotect to and fro, by this party's code.
EXPORT void party_map(int protection) {
  void *memory = mmap(NULL, 65536, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(memory, 65536);
}
EXPORT void party_protect(int protection) {
  if (room == NULL)
    room = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(room, 4096, protection);
  mprotect(room, 4096, PROT_READ | PROT_WRITE);
}
