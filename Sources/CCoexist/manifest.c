// Initial-exec variables that belong to the task: as the configuration writes them, and where a
// library's file has them.
#include <ccoexist/tls.h>

#include <ccoexist/config.h>
#include <ccoexist/elf.h>
#include <ccoexist/real.h>
#include <ccoexist/tables.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void coexist_manifest_read(const char (*given)[COEXIST_SYMBOL_MAX], uint32_t count,
                           struct coexist_manifest_entry *entries,
                           char (*symbols)[COEXIST_SYMBOL_MAX]) {
  for (uint32_t n = 0; n < count; n++) {
    // SYMBOL, or SYMBOL:BYTES for the beginning of it.
    uint32_t size = 0, at = 0;
    const char *text = given[n];
    for (; at < COEXIST_SYMBOL_MAX - 1 && text[at] != 0 && text[at] != ':'; at++)
      symbols[n][at] = text[at];
    symbols[n][at] = 0;
    for (text += at + (text[at] == ':'); *text >= '0' && *text <= '9'; text++)
      size = size * 10 + (uint32_t)(*text - '0');
    entries[n] = (struct coexist_manifest_entry){symbols[n], size};
  }
  entries[count].symbol = 0;
}

const struct coexist_manifest_entry *coexist_manifest_configured(const char *library) {
  static struct coexist_manifest_entry entries[COEXIST_TLS_VARIABLES_MAX + 1];
  static char symbols[COEXIST_TLS_VARIABLES_MAX][COEXIST_SYMBOL_MAX];
  for (uint32_t i = 0; i < coexist_config.tls_rules_count; i++) {
    const struct coexist_tls_rule *rule = &coexist_config.tls_rules[i];
    for (uint32_t pattern = 0; pattern < rule->libraries_count; pattern++) {
      if (!coexist_text_matches(library, rule->libraries[pattern])) continue;
      coexist_manifest_read(rule->variables, rule->variables_count, entries, symbols);
      return rule->variables_count > 0 ? entries : 0;
    }
  }
  return 0;
}

// What is looked for in a file, and whose each byte of the block is: 1 + the entry's number. A
// PT_TLS of more bytes than this has no manifest.
enum { BYTES = 4096 };
struct sought {
  const struct coexist_manifest_entry *entries;
  struct coexist_manifest_fault *fault;
  uint64_t found;  // a bit an entry
  uint8_t of[BYTES];
};

static void note(struct sought *sought, int entry, const ElfW(Sym) *symbol) {
  const struct coexist_manifest_entry *wanted = &sought->entries[entry];
  struct coexist_manifest_fault fault = {wanted->symbol, 0, symbol->st_size, 0};
  uint64_t length = wanted->size != 0 ? wanted->size : symbol->st_size;
  if (length > symbol->st_size) fault.trouble = COEXIST_MANIFEST_LONG;
  if (symbol->st_value + length > BYTES) fault.trouble = COEXIST_MANIFEST_ROOM;
  for (uint64_t at = symbol->st_value; at < symbol->st_value + length && !fault.trouble; at++) {
    uint8_t *owner = &sought->of[at];
    if (*owner != 0 && *owner != entry + 1)
      fault.trouble = COEXIST_MANIFEST_OVERLAPS, fault.other = sought->entries[*owner - 1].symbol;
    *owner = (uint8_t)(entry + 1);
  }
  if (fault.trouble && !sought->fault->trouble) *sought->fault = fault;
  sought->found |= 1ull << entry;
}

static void search(const char *file, uint64_t size, struct sought *sought) {
  const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)file;
  if (size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return;
  const ElfW(Shdr) *sections = (const ElfW(Shdr) *)(file + header->e_shoff);
  if (header->e_shoff + header->e_shnum * sizeof *sections > size) return;
  for (int i = 0; i < header->e_shnum; i++) {
    const ElfW(Shdr) *table = &sections[i];
    if (table->sh_type != SHT_SYMTAB || table->sh_link >= header->e_shnum ||
        table->sh_offset + table->sh_size > size)
      continue;
    const ElfW(Shdr) *names = &sections[table->sh_link];
    const ElfW(Sym) *symbol = (const ElfW(Sym) *)(file + table->sh_offset);
    for (uint64_t n = table->sh_size / sizeof *symbol; n > 0; n--, symbol++) {
      if (ELF64_ST_TYPE(symbol->st_info) != STT_TLS || symbol->st_shndx == SHN_UNDEF ||
          names->sh_offset + symbol->st_name >= size)
        continue;
      const char *name = file + names->sh_offset + symbol->st_name;
      for (int e = 0; sought->entries[e].symbol != 0; e++)
        if (strcmp(name, sought->entries[e].symbol) == 0) note(sought, e, symbol);
    }
  }
}

// Local symbols are in the file only: .symtab is not loaded.
static void look_into(uint64_t map, struct sought *sought) {
  int fd = open(((const struct link_map *)map)->l_name, O_RDONLY | O_CLOEXEC);
  struct stat info;
  if (fd < 0) return;
  void *file = fstat(fd, &info) == 0
                   ? coexist_real.mmap(0, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
                   : MAP_FAILED;
  close(fd);
  if (file == MAP_FAILED) return;
  search(file, (uint64_t)info.st_size, sought);
  coexist_real.munmap(file, (size_t)info.st_size);
}

int coexist_manifest_ranges(uint64_t map, const struct coexist_manifest_entry *entries,
                            struct coexist_tls_range *ranges, int room,
                            struct coexist_manifest_fault *fault) {
  struct sought sought = {.entries = entries, .fault = fault};
  fault->trouble = 0;
  look_into(map, &sought);
  for (int e = 0; entries[e].symbol != 0 && !fault->trouble; e++)
    if (!(sought.found >> e & 1))
      *fault = (struct coexist_manifest_fault){entries[e].symbol, 0, 0, COEXIST_MANIFEST_MISSING};
  int count = 0;
  for (uint32_t at = 0; at < BYTES && !fault->trouble; at += 8) {
    uint64_t word;
    memcpy(&word, sought.of + at, sizeof word);
    if (word == 0) continue;
    if (count > 0 && ranges[count - 1].offset + ranges[count - 1].size == at)
      ranges[count - 1].size += 8;
    else if (count == room)
      fault->trouble = COEXIST_MANIFEST_ROOM;
    else
      ranges[count++] = (struct coexist_tls_range){at, 8};
  }
  return fault->trouble ? -1 : count;
}
