// What an ELF file will want from the loader, known before it is loaded.
#include <ccoexist/container_writer.h>
#include <stdio.h>
#include <string.h>

#include "file.h"
#include "sound.h"

static uint32_t descriptors(const struct file *file, int64_t tag, int64_t size_tag,
                            const Elf64_Sym *symbols, size_t symbols_count) {
  uint64_t size = file_tag(file, size_tag, 0);
  const Elf64_Rela *list = file_at(file, file_tag(file, tag, 0), size);
  uint32_t count = 0;
  for (uint64_t i = 0; list != NULL && i < size / sizeof *list; i++) {
    uint64_t symbol = ELF64_R_SYM(list[i].r_info);
    count += ELF64_R_TYPE(list[i].r_info) == R_X86_64_TLSDESC && symbol != 0 &&
             symbol < symbols_count && symbols[symbol].st_shndx == SHN_UNDEF;
  }
  return count;
}

int coexist_writer_examine(const char *path, const char *const *family,
                           struct coexist_elf_facts *facts, char *error) {
  struct file file;
  memset(facts, 0, sizeof *facts);
  if (file_open(path, &file, error) != 0) return -1;
  const char *damage = file_damage(&file);
  if (damage != NULL) {
    snprintf(error, COEXIST_WRITER_ERROR_MAX, "%s: damaged: %s", path, damage);
    file_close(&file);
    return -1;
  }
  size_t count = 0;
  elf_getphdrnum(file.elf, &count);
  for (size_t i = 0; i < count; i++) {
    GElf_Phdr segment;
    if (gelf_getphdr(file.elf, (int)i, &segment) == NULL) continue;
    if (segment.p_type == PT_INTERP) facts->interpreter = 1;
  }
  facts->tls_size = file_tls_size(&file);
  facts->static_tls = (file_tag(&file, DT_FLAGS, 0) & DF_STATIC_TLS) != 0;
  facts->no_delete = (file_tag(&file, DT_FLAGS_1, 0) & DF_1_NODELETE) != 0;
  snprintf(facts->soname, sizeof facts->soname, "%s",
           file_string(&file, file_tag(&file, DT_SONAME, UINT64_MAX)));
  facts->interpreter &= file_tag(&file, DT_SONAME, 0) == 0;
  const Elf64_Sym *symbols = file_symbols(&file, &count);
  for (size_t i = 0; i < count; i++)
    facts->unique += ELF64_ST_BIND(symbols[i].st_info) == STB_GNU_UNIQUE &&
                     symbols[i].st_shndx != SHN_UNDEF;
  facts->descriptors = descriptors(&file, DT_RELA, DT_RELASZ, symbols, count) +
                       descriptors(&file, DT_JMPREL, DT_PLTRELSZ, symbols, count);
  for (size_t i = 0; i < file.dynamic_count; i++) {
    if (file.dynamic[i].d_tag != DT_NEEDED) continue;
    const char *name = file_string(&file, file.dynamic[i].d_un.d_val);
    unsigned known = 0;
    while (family[known] != NULL && strcmp(family[known], name) != 0) known++;
    if (family[known] != NULL) facts->needs |= 1u << known;
    else facts->others++;
  }
  file_close(&file);
  return 0;
}
