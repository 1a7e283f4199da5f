// A fault in nobody's code belongs to the owner of the address: memory that a runtime mapped
// PROT_NONE or protected (guard pages, polling pages, cages, heaps with barriers).
// library: alpha = guests/guest.c
// library: beta = guests/guest.c
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

static void check(struct guest *a, struct guest *b, void *address, int of_alpha) {
  int before_a = a->asked, before_b = b->asked;
  poke(address);
  CHECK_EQ(a->asked - before_a, of_alpha);
  CHECK_EQ(b->asked - before_b, !of_alpha);
}

int main(void) {
  struct guest *a = alpha(), *b = beta();
  for (int order = 0; order < 2; order++) {
    (order ? a : b)->install(SIGSEGV, SA_SIGINFO);
    (order ? b : a)->install(SIGSEGV, SA_SIGINFO);
    char *none_a = a->map(1 << 20, PROT_NONE), *none_b = b->map(1 << 20, PROT_NONE);
    char *heap_a = a->map(65536, PROT_READ | PROT_WRITE);
    char *heap_b = b->map(65536, PROT_READ | PROT_WRITE);
    a->protect(heap_a + 4096, 4096, PROT_READ);
    b->protect(heap_b + 4096, 4096, PROT_NONE);
    char *mine = map(65536, PROT_READ | PROT_WRITE);  // mapped here, guarded by alpha
    a->protect(mine, 4096, PROT_NONE);
    for (int n = 0; n < 10; n++) {
      check(a, b, none_a + n * 70000, 1);
      check(a, b, none_b + n * 70000, 0);
      check(a, b, heap_a + 4096 + n, 1);
      check(a, b, heap_b + 4096 + n, 0);
      check(a, b, mine + n, 1);
    }
    a->unmap(none_a, 1 << 20);
    char *reused = mmap(none_a, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    CHECK_EQ(reused, none_a);
    b->protect(reused, 1 << 20, PROT_READ);
    check(a, b, reused + 100, 0);
    // mremap takes the ownership along, and what was at the new place is gone.
    char *from = a->map(8192, PROT_NONE), *to = b->map(8192, PROT_NONE);
    a->move(from, 8192, to);
    check(a, b, to + 5000, 1);
  }
}
