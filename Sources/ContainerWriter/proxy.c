// A proxy: what stands in a container for a library that is shared with the whole process. It is
// the primary's own symbol table, string table, hash table and versions, with absolute addresses.
#include <ccoexist/container_writer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "loaded.h"

enum { EARLIER_MAX = 256 };

// More than any reserve for static TLS: the loader refuses code that wants such a variable at a
// fixed place. Nobody touches the block itself.
enum { FORWARDED_SIZE = 1 << 24 };

struct scope {
  struct loaded earlier[EARLIER_MAX];  // objects of the global scope in front of the primary
  unsigned count;
};

// Up to the program's own libraries the chain of objects is the global scope in its order.
static void read_scope(const struct link_map *primary, struct scope *scope) {
  const struct link_map *map = primary;
  while (map->l_prev != NULL) map = map->l_prev;
  scope->count = 0;
  for (; map != NULL && map != primary && scope->count < EARLIER_MAX; map = map->l_next)
    if (strncmp(map->l_name, "linux-vdso", 10) != 0 &&
        loaded_read(map, &scope->earlier[scope->count]))
      scope->count++;
}

static uint64_t substitute(const char *name, const struct coexist_substitute *list,
                           unsigned count) {
  for (unsigned i = 0; i < count; i++)
    if (strcmp(list[i].name, name) == 0) return list[i].address;
  return 0;
}

static int is_code_or_data(const ElfW(Sym) *symbol) {
  unsigned type = ELF64_ST_TYPE(symbol->st_info);
  return type == STT_FUNC || type == STT_OBJECT || type == STT_GNU_IFUNC || type == STT_NOTYPE ||
         type == STT_COMMON;
}

static uint64_t address(const struct loaded *primary, const ElfW(Sym) *symbol,
                        const struct scope *scope) {
  const char *name = primary->strings + symbol->st_name;
  uint32_t hash = loaded_hash(name);
  for (unsigned i = 0; i < scope->count; i++) {
    const ElfW(Sym) *earlier = loaded_find(&scope->earlier[i], name, hash);
    if (earlier != NULL && is_code_or_data(earlier) &&
        ELF64_ST_BIND(earlier->st_info) != STB_LOCAL)
      return loaded_address(&scope->earlier[i], earlier);
  }
  return loaded_address(primary, symbol);
}

static int is_exported_variable(const ElfW(Sym) *symbol) {
  return ELF64_ST_TYPE(symbol->st_info) == STT_TLS && symbol->st_shndx != SHN_UNDEF;
}

static void fill_symbols(const struct loaded *primary, const struct scope *scope,
                         const struct coexist_substitute *list, unsigned count, int forwards,
                         ElfW(Sym) *symbols) {
  for (uint32_t i = 0; i < primary->symbols_count; i++) {
    const ElfW(Sym) *from = &primary->symbols[i];
    symbols[i] = *from;
    if (from->st_shndx == SHN_UNDEF) continue;
    unsigned bind = ELF64_ST_BIND(from->st_info), type = ELF64_ST_TYPE(from->st_info);
    if (forwards && is_exported_variable(from)) {
      symbols[i].st_shndx = 1;  // of an object that has such a section; the loader does not look
      continue;
    }
    // All users of libc's own thread-local names are shared as well.
    if (!is_code_or_data(from)) {
      symbols[i].st_shndx = SHN_UNDEF, symbols[i].st_value = 0;
      symbols[i].st_info = ELF64_ST_INFO(STB_WEAK, STT_NOTYPE);
      continue;
    }
    uint64_t other = substitute(primary->strings + from->st_name, list, count);
    int is_version = from->st_shndx == SHN_ABS && from->st_value == 0;  // GLIBC_2.2.5 and the like
    symbols[i].st_shndx = SHN_ABS;
    symbols[i].st_value = other != 0 ? other : is_version ? 0 : address(primary, from, scope);
    if (type == STT_GNU_IFUNC) type = STT_FUNC;
    if (bind == STB_GNU_UNIQUE) bind = STB_GLOBAL;
    symbols[i].st_info = ELF64_ST_INFO(bind, type);
  }
}

// Piece numbers are section numbers: 1 .dynsym, 2 .dynstr, 3 .gnu.hash, 4 .gnu.version, ….
static void assemble(struct image *image, const struct loaded *primary, int named,
                     const ElfW(Sym) *symbols) {
  image_start(image);
  struct piece piece = {".dynsym", symbols, primary->symbols_count * sizeof *symbols, 8,
                        sizeof *symbols, SHT_DYNSYM, 2, 1, 0};
  if (named) image_tag(image, DT_SONAME, primary->soname);
  image_tag(image, DT_SYMTAB, image_add(image, piece));
  image_tag(image, DT_SYMENT, sizeof *symbols);
  piece = (struct piece){".dynstr", primary->strings, primary->strings_size, 1, 0, SHT_STRTAB,
                         0, 0, 0};
  image_tag(image, DT_STRTAB, image_add(image, piece));
  image_tag(image, DT_STRSZ, primary->strings_size);
  piece = (struct piece){".gnu.hash", primary->hash, primary->hash_size, 8, 0, SHT_GNU_HASH,
                         1, 0, 0};
  image_tag(image, DT_GNU_HASH, image_add(image, piece));
  if (primary->versions == NULL) return;
  piece = (struct piece){".gnu.version", primary->versions, primary->symbols_count * 2, 2, 2,
                         SHT_GNU_versym, 1, 0, 0};
  image_tag(image, DT_VERSYM, image_add(image, piece));
  if (primary->definitions == NULL) return;
  piece = (struct piece){".gnu.version_d", primary->definitions, primary->definitions_size, 8, 0,
                         SHT_GNU_verdef, 2, (uint32_t)primary->definitions_count, 0};
  image_tag(image, DT_VERDEF, image_add(image, piece));
  image_tag(image, DT_VERDEFNUM, primary->definitions_count);
}

int proxy_symbols(const struct loaded *primary, const struct coexist_substitute *substitutes,
                  unsigned count, ElfW(Sym) *symbols) {
  struct scope *scope = malloc(sizeof *scope);
  if (scope == NULL) return 0;
  read_scope(primary->map, scope);
  fill_symbols(primary, scope, substitutes, count, 0, symbols);
  free(scope);
  return 1;
}

// lea self(%rip),%rdi; movabs $function,%rax; jmp *%rax
enum { STUB_SIZE = 24 };
static void write_stub(uint8_t *at, void (*function)(const void *)) {
  static const uint8_t code[] = {0x48, 0x8D, 0x3D, 0xF9, 0xFF, 0xFF, 0xFF, 0x48, 0xB8,
                                 0,    0,    0,    0,    0,    0,    0,    0,    0xFF, 0xE0};
  memcpy(at, code, sizeof code);
  memcpy(at + 9, &function, sizeof function);
}

static void add_stubs(struct image *image, const struct coexist_forwarding *forwarding,
                      uint8_t stubs[2 * STUB_SIZE]) {
  memset(stubs, 0xCC, 2 * STUB_SIZE);
  write_stub(stubs, forwarding->arrived);
  write_stub(stubs + STUB_SIZE, forwarding->left);
  uint64_t at = image_add(image, (struct piece){".text", stubs, 2 * STUB_SIZE, 16, 0,
                                                SHT_PROGBITS, 0, 0, 0});
  image_tag(image, DT_INIT, at);
  image_tag(image, DT_FINI, at + STUB_SIZE);
  image->has_code = 1, image->tls_size = FORWARDED_SIZE;
}

int coexist_writer_proxy(int fd, const struct link_map *map, int named,
                         const struct coexist_substitute *substitutes, unsigned count,
                         struct coexist_forwarding *forwarding, char *error) {
  struct loaded primary;
  if (!loaded_read(map, &primary) || primary.soname == 0) {
    snprintf(error, COEXIST_WRITER_ERROR_MAX, "%s has no GNU hash table or no SONAME", map->l_name);
    return -1;
  }
  struct scope *scope = malloc(sizeof *scope);
  struct image *image = malloc(sizeof *image);
  ElfW(Sym) *symbols = malloc(primary.symbols_count * sizeof *symbols);
  int result = -1;
  if (scope != NULL && image != NULL && symbols != NULL) {
    uint8_t stubs[2 * STUB_SIZE];
    int forwards = 0;
    for (uint32_t i = 0; i < primary.symbols_count && forwarding != NULL; i++)
      forwards |= is_exported_variable(&primary.symbols[i]);
    read_scope(map, scope);
    fill_symbols(&primary, scope, substitutes, count, forwards, symbols);
    assemble(image, &primary, named, symbols);
    if (forwards) add_stubs(image, forwarding, stubs);
    if (forwarding != NULL) forwarding->used = forwards;
    result = image_write(image, fd, error);
  } else {
    snprintf(error, COEXIST_WRITER_ERROR_MAX, "out of memory");
  }
  free(symbols), free(image), free(scope);
  return result;
}
