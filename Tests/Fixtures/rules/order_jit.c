// Executable memory belongs to whom mapped it or made it executable: mmap(PROT_EXEC), mmap +
// mprotect, and memory shared twice (W^X as in .NET and V8). After munmap it is nobody's.
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static const unsigned char code[] = {0xc6, 0x07, 0x01, 0xc3};  // movb $1, (%rdi); ret

static void run(void *at) { ((void (*)(volatile void *))at)(NOWHERE); }

int main(void) {
  struct guest *a = alpha(), *b = beta();
  a->install(SIGSEGV, SA_SIGINFO);
  b->install(SIGSEGV, SA_SIGINFO);
  unsigned char *at_once = a->map(8192, PROT_READ | PROT_WRITE | PROT_EXEC);
  memcpy(at_once + 4096, code, sizeof code);
  unsigned char *later = a->map(65536, PROT_READ | PROT_WRITE);
  memcpy(later + 20000, code, sizeof code);
  a->protect(later, 65536, PROT_READ | PROT_EXEC);
  int file = memfd_create("jit", 0);
  CHECK_EQ(ftruncate(file, 4096), 0);
  CHECK_EQ(pwrite(file, code, sizeof code, 100), sizeof code);
  unsigned char *shared = a->map_file(file, 4096, PROT_READ | PROT_EXEC);
  for (int n = 1; n <= 10; n++) {
    run(at_once + 4096);
    run(later + 20000);
    run(shared + 100);
    CHECK_EQ(a->asked, 3 * n);
    CHECK_EQ(b->asked, 0);
  }
  a->unmap(at_once, 8192);
  // Now the program's own code is made executable by beta at the same place.
  void *again = b->map(8192, PROT_READ | PROT_WRITE | PROT_EXEC);
  memcpy(again, code, sizeof code);
  a->install(SIGSEGV, SA_SIGINFO);
  run(again);
  CHECK_EQ(b->asked, 1);
  CHECK_EQ(a->asked, 30);
}
