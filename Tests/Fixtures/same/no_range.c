// munmap and mprotect of what is no range of addresses: EINVAL or ENOMEM at once, as from
// the kernel, also where stacks of fibers are watched; and what is mapped stays.
#include <sys/mman.h>
#include <ucontext.h>
#include "support/check.h"

static ucontext_t host, fiber;
static void enter(void) { swapcontext(&fiber, &host); }

int main(void) {
  alarm(20);
  size_t size = 1 << 16;
  char *stack = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(stack != MAP_FAILED);
  getcontext(&fiber);
  fiber.uc_stack.ss_sp = stack, fiber.uc_stack.ss_size = size, fiber.uc_link = &host;
  makecontext(&fiber, enter, 0);
  swapcontext(&host, &fiber);
  for (size_t length = ~(size_t)4095; length > (size_t)1 << 57; length >>= 1) {
    CHECK_EQ(munmap(0, length & ~(size_t)4095), -1);
    CHECK_EQ(errno, EINVAL);
    CHECK_EQ(munmap(stack, length & ~(size_t)4095), -1);
    CHECK_EQ(errno, EINVAL);
  }
  CHECK_EQ(mprotect(stack, -4096ul, PROT_NONE), -1);
  CHECK_EQ(errno, ENOMEM);
  CHECK_EQ(munmap(stack + 1, size), -1);
  CHECK_EQ(errno, EINVAL);
  CHECK_EQ(munmap(stack, 0), -1);
  CHECK_EQ(errno, EINVAL);
  swapcontext(&host, &fiber);
  CHECK_EQ(munmap(stack, size), 0);
}
