#include <ccoexist/elf.h>
#include <ccoexist/registers.h>

#include <dlfcn.h>
#include <elf.h>

typedef int (*find_object)(void *, struct dl_find_object *) COEXIST_SIGSAFE;

struct coexist_object coexist_object_at(uint64_t address) COEXIST_SIGSAFE {
  struct dl_find_object found;
  if (((find_object)_dl_find_object)((void *)address, &found) != 0)
    return (struct coexist_object){0, 0, 0};
  return (struct coexist_object){(uint64_t)found.dlfo_link_map, (uint64_t)found.dlfo_map_start,
                                 (uint64_t)found.dlfo_map_end};
}

int coexist_text_equal(const char *a, const char *b) COEXIST_SIGSAFE {
  while (*a != 0 && *a == *b) a++, b++;
  return *a == *b;
}

int coexist_text_matches(const char *text, const char *pattern) COEXIST_SIGSAFE {
  while (*pattern != 0 && *pattern == *text) pattern++, text++;
  return (*pattern == '*' && pattern[1] == 0) || (*pattern == 0 && *text == 0);
}

// The loader relocates these pointers in most objects, but not where the dynamic section is
// read-only: in the vDSO and in containers' proxies and roots.
static uint64_t dynamic(const struct link_map *map, int64_t tag, int is_pointer) COEXIST_SIGSAFE {
  for (const ElfW(Dyn) *entry = map->l_ld; entry != 0 && entry->d_tag != DT_NULL; entry++)
    if (entry->d_tag == tag) {
      uint64_t value = entry->d_un.d_val;
      return is_pointer && value < map->l_addr ? value + map->l_addr : value;
    }
  return 0;
}

struct coexist_alias *coexist_aliases;
int coexist_aliases_used;

static const char *soname(const struct link_map *map) COEXIST_SIGSAFE {
  uint64_t strings = dynamic(map, DT_STRTAB, 1), offset = dynamic(map, DT_SONAME, 0);
  return strings != 0 && offset != 0 ? (const char *)(strings + offset) : 0;
}

const struct coexist_alias *coexist_object_alias(uint64_t address) COEXIST_SIGSAFE {
  const struct coexist_alias *list = __atomic_load_n(&coexist_aliases, __ATOMIC_ACQUIRE);
  if (list == 0) return 0;
  const struct link_map *map = (const struct link_map *)address;
  const char *key = soname(map);
  if (key == 0) key = map->l_name;
  if (key[0] != '~' && key[0] != '/') return 0;
  int used = __atomic_load_n(&coexist_aliases_used, __ATOMIC_ACQUIRE);
  for (int i = 0; i < used; i++)
    if (__atomic_load_n(&list[i].container, __ATOMIC_ACQUIRE) != 0 &&
        coexist_text_equal(list[i].key, key))
      return &list[i];
  return 0;
}

const char *coexist_object_name(uint64_t address) COEXIST_SIGSAFE {
  const struct link_map *map = (const struct link_map *)address;
  const struct coexist_alias *alias = coexist_object_alias(address);
  if (alias != 0) return alias->name;
  const char *own = soname(map);
  if (own != 0) return own;
  const char *name = map->l_name;
  for (const char *c = name; *c != 0; c++)
    if (*c == '/') name = c + 1;
  return name;
}

uint64_t coexist_object_symbol(uint64_t address, const char *name) COEXIST_SIGSAFE {
  const struct link_map *map = (const struct link_map *)address;
  const uint32_t *hash = (const uint32_t *)dynamic(map, DT_GNU_HASH, 1);
  const ElfW(Sym) *symbols = (const ElfW(Sym) *)dynamic(map, DT_SYMTAB, 1);
  const char *strings = (const char *)dynamic(map, DT_STRTAB, 1);
  if (hash == 0 || symbols == 0 || strings == 0 || hash[0] == 0 || hash[2] == 0) return 0;
  uint32_t wanted = 5381;
  for (const char *c = name; *c != 0; c++) wanted = wanted * 33 + (uint8_t)*c;
  uint32_t buckets_count = hash[0], first = hash[1], bloom_count = hash[2], shift = hash[3];
  const uint64_t *bloom = (const uint64_t *)(hash + 4);
  const uint32_t *buckets = (const uint32_t *)(bloom + bloom_count);
  const uint32_t *chain = buckets + buckets_count;
  uint64_t word = bloom[wanted / 64 % bloom_count];
  if (!(word >> (wanted % 64) & word >> ((wanted >> shift) % 64) & 1)) return 0;
  uint32_t index = buckets[wanted % buckets_count];
  if (index < first) return 0;
  for (;; index++) {
    uint32_t entry = chain[index - first];
    const ElfW(Sym) *symbol = &symbols[index];
    if ((entry | 1) == (wanted | 1) && symbol->st_shndx != SHN_UNDEF &&
        coexist_text_equal(strings + symbol->st_name, name))
      return map->l_addr + symbol->st_value;
    if (entry & 1) return 0;
  }
}

// The first segment of an object holds its ELF header in every linker's layout; check all the same.
static const ElfW(Ehdr) *header_at(uint64_t low) COEXIST_SIGSAFE {
  const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)low;
  int is_elf = header->e_ident[0] == 0x7F && header->e_ident[1] == 'E' &&
               header->e_ident[2] == 'L' && header->e_ident[3] == 'F';
  return is_elf && header->e_phoff < 4096 ? header : 0;
}

int coexist_object_has_note(uint64_t low, const char *name) COEXIST_SIGSAFE {
  const ElfW(Ehdr) *header = header_at(low);
  if (header == 0) return 0;
  const ElfW(Phdr) *segment = (const ElfW(Phdr) *)(low + header->e_phoff);
  uint64_t bias = header->e_type == ET_EXEC ? 0 : low;
  for (int i = 0; i < header->e_phnum; i++, segment++) {
    if (segment->p_type != PT_NOTE) continue;
    uint64_t at = bias + segment->p_vaddr, end = at + segment->p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
      if (note->n_namesz != 0 && coexist_text_equal((const char *)(note + 1), name)) return 1;
      at += sizeof *note + ((note->n_namesz + 3ull) & ~3ull) + ((note->n_descsz + 3ull) & ~3ull);
    }
  }
  return 0;
}

static const char *const system_libraries[] = {
    "libc.so.6", "ld-linux-x86-64.so.2", "libm.so.6", "libpthread.so.0", "libdl.so.2",
    "librt.so.1", "libgcc_s.so.1", "libstdc++.so.6", "libc++.so.1", "libcoexist.so*",
    "liburcu*", "linux-vdso.so.1", "libffi.so*", "libunwind.so*", 0};

int coexist_object_is_system(const char *name) COEXIST_SIGSAFE {
  for (const char *const *pattern = system_libraries; *pattern != 0; pattern++)
    if (coexist_text_matches(name, *pattern)) return 1;
  return 0;
}

uint64_t coexist_object_return(uint64_t from) COEXIST_SIGSAFE {
  struct coexist_object object = coexist_object_at(from);
  const ElfW(Ehdr) *header = object.map == 0 ? 0 : header_at(object.low);
  if (header == 0) return 0;
  const ElfW(Phdr) *segment = (const ElfW(Phdr) *)(object.low + header->e_phoff);
  uint64_t bias = header->e_type == ET_EXEC ? 0 : object.low;
  for (int i = 0; i < header->e_phnum; i++, segment++) {
    uint64_t low = bias + segment->p_vaddr, high = low + segment->p_memsz;
    if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) || from < low || from >= high)
      continue;
    if (!(segment->p_flags & PF_R)) return 0;
    for (const uint8_t *code = (const uint8_t *)from; (uint64_t)code < high; code++)
      if (*code == COEXIST_RETURN) return (uint64_t)code;
  }
  return 0;
}
