// mmap(2) and relatives: they tell whose code runs in memory that no ELF object holds, and whose
// pages a fault touches.
#include "preload.h"

#include <stdarg.h>

#include "start.h"

EXPORT void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset) {
  int active = coexist_ready();
  void *result = coexist_real.mmap(address, size, protection, flags, fd, offset);
  if (UNLIKELY(result == MAP_FAILED) && coexist_rcu_asks(CALLER)) return coexist_rcu_spare(size);
  if (active && result != MAP_FAILED) {
    coexist_core_mapped((uint64_t)result, size, protection, CALLER);
    if ((flags & MAP_ANONYMOUS) && protection == (PROT_READ | PROT_WRITE))
      coexist_core_stack_mapped((uint64_t)result, size, CALLER);
  }
  return result;
}
EXPORT void *mmap64(void *a, size_t s, int p, int f, int fd, off_t o)
    __attribute__((alias("mmap")));

// What the kernel refuses at once (mm/mmap.c, mm/mprotect.c) changes nothing, and is not walked
// through. The address space ends at 2^47, or at 2^56 with five-level page tables.
static int is_range(const void *address, size_t size) {
  const uint64_t end = 1ull << 56;
  uint64_t low = (uint64_t)address;
  return low % 4096 == 0 && size != 0 && size <= end && low <= end - size;
}

// The owner is known before a page can fault, and forgotten before its address can be given away.
EXPORT int mprotect(void *address, size_t size, int protection) {
  if (coexist_ready() && is_range(address, size))
    coexist_core_protected((uint64_t)address, size, protection, CALLER);
  int result = coexist_real.mprotect(address, size, protection);
  if (result == 0 && protection == PROT_NONE && coexist_ready())
    coexist_core_stack_guarded((uint64_t)address, size);
  return result;
}
EXPORT int pkey_mprotect(void *address, size_t size, int protection, int key) {
  if (coexist_ready() && is_range(address, size))
    coexist_core_protected((uint64_t)address, size, protection, CALLER);
  return coexist_real.pkey_mprotect(address, size, protection, key);
}
EXPORT int munmap(void *address, size_t size) {
  if (coexist_ready() && is_range(address, size)) {
    coexist_core_stack_gone((uint64_t)address, (uint64_t)address + size);
    coexist_core_unmapped((uint64_t)address, size);
  }
  return coexist_real.munmap(address, size);
}
EXPORT void *mremap(void *address, size_t size, size_t new_size, int flags, ...) {
  va_list list;
  va_start(list, flags);
  void *fixed = va_arg(list, void *);
  va_end(list);
  int active = coexist_ready();
  void *result = coexist_real.mremap(address, size, new_size, flags, fixed);
  if (active && result != MAP_FAILED)
    coexist_core_moved((uint64_t)address, size, (uint64_t)result, new_size);
  return result;
}
