#include "loaded.h"

#include <ccoexist/container_writer.h>
#include <string.h>

// The loader relocates most of these pointers in place, but not DT_VERDEF (glibc
// elf/get-dynamic-info.h), and none in the vDSO and in what we write.
static uint64_t dynamic(const struct link_map *map, int64_t tag, int is_pointer) {
  for (const ElfW(Dyn) *entry = map->l_ld; entry != NULL && entry->d_tag != DT_NULL; entry++)
    if (entry->d_tag == tag) {
      uint64_t value = entry->d_un.d_val;
      return is_pointer && value < map->l_addr ? value + map->l_addr : value;
    }
  return 0;
}

// DT_GNU_HASH: header, Bloom filter, buckets, one chain word a symbol. It has no count of its own.
static void measure_hash(struct loaded *object) {
  const uint32_t *hash = object->hash;
  uint32_t buckets_count = hash[0], first = hash[1], bloom_count = hash[2], last = 0;
  const uint32_t *buckets = hash + 4 + bloom_count * 2, *chain = buckets + buckets_count;
  for (uint32_t i = 0; i < buckets_count; i++)
    if (buckets[i] > last) last = buckets[i];
  if (last < first) {
    object->symbols_count = first;
  } else {
    while (!(chain[last - first] & 1)) last++;
    object->symbols_count = last + 1;
  }
  object->hash_size = (uint64_t)((const char *)(chain + (object->symbols_count - first)) -
                                 (const char *)hash);
}

static void measure_definitions(struct loaded *object) {
  const char *at = (const char *)object->definitions, *end = at;
  for (uint64_t i = 0; i < object->definitions_count; i++) {
    const ElfW(Verdef) *definition = (const ElfW(Verdef) *)at;
    const char *name = at + definition->vd_aux;
    for (unsigned n = 0; n < definition->vd_cnt; n++) {
      const ElfW(Verdaux) *aux = (const ElfW(Verdaux) *)name;
      if (name + sizeof *aux > end) end = name + sizeof *aux;
      name += aux->vda_next;
    }
    at += definition->vd_next;
  }
  object->definitions_size = (uint64_t)(end - (const char *)object->definitions);
}

int loaded_read(const struct link_map *map, struct loaded *object) {
  memset(object, 0, sizeof *object);
  object->map = map;
  object->symbols = (const void *)dynamic(map, DT_SYMTAB, 1);
  object->strings = (const void *)dynamic(map, DT_STRTAB, 1);
  object->strings_size = dynamic(map, DT_STRSZ, 0);
  object->hash = (const void *)dynamic(map, DT_GNU_HASH, 1);
  object->versions = (const void *)dynamic(map, DT_VERSYM, 1);
  object->definitions = (const void *)dynamic(map, DT_VERDEF, 1);
  object->definitions_count = dynamic(map, DT_VERDEFNUM, 0);
  object->soname = dynamic(map, DT_SONAME, 0);
  if (object->symbols == NULL || object->strings == NULL || object->hash == NULL ||
      object->hash[0] == 0 || object->hash[2] == 0)
    return 0;
  measure_hash(object);
  if (object->definitions != NULL) measure_definitions(object);
  return 1;
}

uint32_t loaded_hash(const char *name) {
  uint32_t hash = 5381;
  for (; *name != 0; name++) hash = hash * 33 + (uint8_t)*name;
  return hash;
}

const ElfW(Sym) *loaded_find(const struct loaded *object, const char *name, uint32_t wanted) {
  const uint32_t *hash = object->hash;
  uint32_t buckets_count = hash[0], first = hash[1], bloom_count = hash[2], shift = hash[3];
  const uint64_t *bloom = (const uint64_t *)(hash + 4);
  const uint32_t *buckets = (const uint32_t *)(bloom + bloom_count);
  const uint32_t *chain = buckets + buckets_count;
  uint64_t word = bloom[wanted / 64 % bloom_count];
  if (!(word >> (wanted % 64) & word >> ((wanted >> shift) % 64) & 1)) return NULL;
  uint32_t index = buckets[wanted % buckets_count];
  if (index < first) return NULL;
  for (;; index++) {
    uint32_t entry = chain[index - first];
    const ElfW(Sym) *symbol = &object->symbols[index];
    if ((entry | 1) == (wanted | 1) && symbol->st_shndx != SHN_UNDEF &&
        strcmp(object->strings + symbol->st_name, name) == 0)
      return symbol;
    if (entry & 1) return NULL;
  }
}

uint64_t loaded_address(const struct loaded *object, const ElfW(Sym) *symbol) {
  uint64_t address = symbol->st_value;
  if (symbol->st_shndx != SHN_ABS) address += object->map->l_addr;
  if (ELF64_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC)
    address = ((uint64_t(*)(void))address)();
  return address;
}

const char *coexist_writer_pinned(const struct link_map *map) {
  struct loaded object;
  if (dynamic(map, DT_FLAGS_1, 0) & DF_1_NODELETE) return "it is marked NODELETE";
  if (!loaded_read(map, &object)) return "";
  for (uint32_t i = object.hash[1]; i < object.symbols_count; i++)
    if (ELF64_ST_BIND(object.symbols[i].st_info) == STB_GNU_UNIQUE &&
        object.symbols[i].st_shndx != SHN_UNDEF)
      return "it has STB_GNU_UNIQUE symbols";
  return "";
}
