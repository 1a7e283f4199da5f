// Words in other objects that the loader filled in when it relocated them.
#include <ccoexist/elf.h>
#include <ccoexist/real.h>
#include <elf.h>
#include <link.h>
#include <sys/mman.h>

static int is_in_relro(const struct link_map *map, uint64_t address) {
  struct coexist_object object = coexist_object_at((uint64_t)map->l_ld);
  const ElfW(Ehdr) *header = (const void *)object.low;
  const ElfW(Phdr) *segment = (const void *)(object.low + header->e_phoff);
  for (int i = 0; i < header->e_phnum; i++, segment++) {
    uint64_t low = map->l_addr + segment->p_vaddr;
    if (segment->p_type == PT_GNU_RELRO && address >= (low & ~4095ull) &&
        address < ((low + segment->p_memsz) & ~4095ull))
      return 1;
  }
  return 0;
}
int coexist_object_store(uint64_t map, uint64_t *slot, uint64_t value) {
  void *page = (void *)((uint64_t)slot & ~4095ull);
  int is_closed = is_in_relro((const struct link_map *)map, (uint64_t)slot);
  if (is_closed && coexist_real.mprotect(page, 4096, PROT_READ | PROT_WRITE) != 0) return 0;
  __atomic_store_n(slot, value, __ATOMIC_RELEASE);
  if (is_closed) coexist_real.mprotect(page, 4096, PROT_READ);
  return 1;
}
