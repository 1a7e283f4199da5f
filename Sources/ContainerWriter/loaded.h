// The dynamic tables of a loaded object, where the loader has put them.
#pragma once

#include <ccoexist/container_writer.h>
#include <link.h>
#include <stdint.h>

struct loaded {
  const struct link_map *map;
  const ElfW(Sym) *symbols;
  uint32_t symbols_count;
  const char *strings;
  uint64_t strings_size;
  const uint32_t *hash;  // DT_GNU_HASH
  uint64_t hash_size;
  const uint16_t *versions;          // DT_VERSYM, or NULL
  const ElfW(Verdef) *definitions;   // DT_VERDEF, or NULL
  uint64_t definitions_count, definitions_size;
  uint64_t soname;  // offset in strings; 0 = none
};

// Returns 0 if the object has no usable tables.
int loaded_read(const struct link_map *map, struct loaded *object);

// The object's own definition of the name, or NULL.
const ElfW(Sym) *loaded_find(const struct loaded *object, const char *name, uint32_t hash);
uint32_t loaded_hash(const char *name);

// Where the symbol's code or data is: an IFUNC's choice is asked for.
uint64_t loaded_address(const struct loaded *object, const ElfW(Sym) *symbol);

// proxy.c: the object's symbols as absolute ones; room for symbols_count. 0 = no memory.
int proxy_symbols(const struct loaded *primary, const struct coexist_substitute *substitutes,
                  unsigned count, ElfW(Sym) *symbols);
