#include "file.h"

#include <ccoexist/container_writer.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int fail(struct file *file, const char *path, const char *why, char *error) {
  snprintf(error, COEXIST_WRITER_ERROR_MAX, "%s: %s", path, why);
  file_close(file);
  return -1;
}

static int within(const struct file *file, uint64_t offset, uint64_t size) {
  return offset <= file->size && size <= file->size - offset;
}

// File offset of an address, so that size bytes from there are in the file; 0 = nowhere.
static uint64_t offset_of(const struct file *file, uint64_t address, uint64_t size) {
  size_t count = 0;
  elf_getphdrnum(file->elf, &count);
  for (size_t i = 0; i < count; i++) {
    GElf_Phdr segment;
    if (gelf_getphdr(file->elf, (int)i, &segment) == NULL || segment.p_type != PT_LOAD) continue;
    if (address < segment.p_vaddr || address - segment.p_vaddr >= segment.p_filesz) continue;
    uint64_t offset = segment.p_offset + (address - segment.p_vaddr);
    return within(file, offset, size) ? offset : 0;
  }
  return 0;
}

static int find_dynamic(struct file *file) {
  size_t count = 0;
  elf_getphdrnum(file->elf, &count);
  for (size_t i = 0; i < count; i++) {
    GElf_Phdr segment;
    if (gelf_getphdr(file->elf, (int)i, &segment) == NULL || segment.p_type != PT_DYNAMIC) continue;
    if (!within(file, segment.p_offset, segment.p_filesz) || segment.p_offset % 8 != 0) return 0;
    file->dynamic = (const Elf64_Dyn *)(file->bytes + segment.p_offset);
    file->dynamic_count = segment.p_filesz / sizeof(Elf64_Dyn);
    for (size_t n = 0; n < file->dynamic_count; n++)
      if (file->dynamic[n].d_tag == DT_NULL) file->dynamic_count = n;
    return 1;
  }
  return 0;
}

// The loader maps what the header promises; touching what the file does not have is a bus error.
static int is_whole(const struct file *file) {
  size_t count = 0, loads = 0;
  if (elf_getphdrnum(file->elf, &count) != 0) return 0;
  for (size_t i = 0; i < count; i++) {
    GElf_Phdr segment;
    if (gelf_getphdr(file->elf, (int)i, &segment) == NULL) return 0;
    if (segment.p_type != PT_LOAD) continue;
    if (!within(file, segment.p_offset, segment.p_filesz) || segment.p_memsz < segment.p_filesz)
      return 0;
    loads++;
  }
  return loads > 0;
}

int file_open(const char *path, struct file *file, char *error) {
  memset(file, 0, sizeof *file);
  elf_version(EV_CURRENT);
  file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file->fd < 0) return fail(file, path, strerror(errno), error);
  file->elf = elf_begin(file->fd, ELF_C_READ_MMAP, NULL);
  if (file->elf == NULL || elf_kind(file->elf) != ELF_K_ELF)
    return fail(file, path, "not an ELF file", error);
  file->bytes = elf_rawfile(file->elf, &file->size);
  GElf_Ehdr header;
  if (file->bytes == NULL || gelf_getehdr(file->elf, &header) == NULL)
    return fail(file, path, "the ELF header is damaged", error);
  if (header.e_machine != EM_X86_64 || header.e_ident[EI_CLASS] != ELFCLASS64)
    return fail(file, path, "made for another kind of machine", error);
  if (header.e_type != ET_DYN) return fail(file, path, "not a shared library", error);
  if (!is_whole(file)) return fail(file, path, "cut off, or its segments are damaged", error);
  if (!find_dynamic(file)) return fail(file, path, "no dynamic section, or a damaged one", error);
  file->strings_size = file_tag(file, DT_STRSZ, 0);
  uint64_t at = offset_of(file, file_tag(file, DT_STRTAB, 0), file->strings_size);
  if (at == 0 || file->strings_size == 0 || file->bytes[at + file->strings_size - 1] != 0)
    return fail(file, path, "the dynamic string table is damaged", error);
  file->strings = file->bytes + at;
  return 0;
}

void file_close(struct file *file) {
  if (file->elf != NULL) elf_end(file->elf);
  if (file->fd >= 0) close(file->fd);
  file->elf = NULL, file->fd = -1;
}

const char *file_string(const struct file *file, uint64_t offset) {
  return offset < file->strings_size ? file->strings + offset : "";
}

uint64_t file_tag(const struct file *file, int64_t tag, uint64_t fallback) {
  for (size_t i = 0; i < file->dynamic_count; i++)
    if (file->dynamic[i].d_tag == tag) return file->dynamic[i].d_un.d_val;
  return fallback;
}

const void *file_at(const struct file *file, uint64_t address, uint64_t size) {
  uint64_t offset = address != 0 ? offset_of(file, address, size) : 0;
  return offset != 0 && offset % 8 == 0 ? file->bytes + offset : NULL;
}

uint64_t file_tls_size(const struct file *file) {
  size_t count = 0;
  elf_getphdrnum(file->elf, &count);
  for (size_t i = 0; i < count; i++) {
    GElf_Phdr segment;
    if (gelf_getphdr(file->elf, (int)i, &segment) == NULL || segment.p_type != PT_TLS) continue;
    uint64_t align = segment.p_align > 0 ? segment.p_align : 1;
    return segment.p_memsz / align * align + (segment.p_memsz % align != 0 ? align : 0);
  }
  return 0;
}

const Elf64_Sym *file_symbols(const struct file *file, size_t *count) {
  for (Elf_Scn *section = NULL; (section = elf_nextscn(file->elf, section)) != NULL;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_DYNSYM) continue;
    if (!within(file, header.sh_offset, header.sh_size) || header.sh_offset % 8 != 0) break;
    *count = header.sh_size / sizeof(Elf64_Sym);
    return (const Elf64_Sym *)(file->bytes + header.sh_offset);
  }
  *count = 0;
  return NULL;
}
