// A private copy that the loader will unload: STB_GNU_UNIQUE pins its definer (glibc
// elf/dl-lookup.c do_lookup_unique) and means nothing where each name is defined once;
// DF_1_NODELETE is a wish of the library for a process that it cannot see leave.
#include <ccoexist/container_writer.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

static int put(int fd, const void *data, size_t size, uint64_t offset) {
  for (size_t done = 0; done < size;) {
    ssize_t part = pwrite(fd, (const char *)data + done, size - done, (off_t)(offset + done));
    if (part < 0) return 0;
    done += (size_t)part;
  }
  return 1;
}

// Only the bytes that differ are written: the first few of a name. Strings may share their ends.
static int rename_text(int fd, const char *at, const struct file *file, const char *to) {
  size_t length = strlen(to);
  while (length > 0 && to[length - 1] == at[length - 1]) length--;
  return put(fd, to, length, (uint64_t)(at - file->bytes));
}

static const struct coexist_rename *find(const char *text, const struct coexist_rename *renames,
                                         unsigned count) {
  for (unsigned i = 0; i < count; i++)
    if (strcmp(renames[i].from, text) == 0) return &renames[i];
  return NULL;
}

// DT_NEEDED and DT_SONAME. Versions name the file that they are of, which the loader looks for
// (glibc elf/dl-version.c): the linker has each text once, so these follow.
static int rename_all(int fd, const struct file *file, const struct coexist_rename *renames,
                      unsigned count) {
  for (size_t i = 0; i < file->dynamic_count; i++) {
    const Elf64_Dyn *entry = &file->dynamic[i];
    if (entry->d_tag != DT_NEEDED && entry->d_tag != DT_SONAME) continue;
    const char *text = file_string(file, entry->d_un.d_val);
    const struct coexist_rename *rename = find(text, renames, count);
    if (rename != NULL && !rename_text(fd, text, file, rename->to)) return 0;
  }
  return 1;
}

static int patch(int fd, const struct file *file) {
  size_t count;
  const Elf64_Sym *symbols = file_symbols(file, &count);
  for (size_t i = 0; i < count; i++) {
    if (ELF64_ST_BIND(symbols[i].st_info) != STB_GNU_UNIQUE) continue;
    uint8_t info = ELF64_ST_INFO(STB_GLOBAL, ELF64_ST_TYPE(symbols[i].st_info));
    if (!put(fd, &info, 1, (uint64_t)((const char *)&symbols[i].st_info - file->bytes))) return 0;
  }
  for (size_t i = 0; i < file->dynamic_count; i++) {
    const Elf64_Dyn *entry = &file->dynamic[i];
    if (entry->d_tag != DT_FLAGS_1) continue;
    uint64_t flags = entry->d_un.d_val & ~(uint64_t)DF_1_NODELETE;
    if (!put(fd, &flags, 8, (uint64_t)((const char *)&entry->d_un.d_val - file->bytes))) return 0;
  }
  return 1;
}

int coexist_writer_copy(int fd, const char *path, const struct coexist_rename *renames,
                        unsigned count, char *error) {
  struct file file;
  if (file_open(path, &file, error) != 0) return -1;
  int good = put(fd, file.bytes, file.size, 0) && patch(fd, &file) &&
             rename_all(fd, &file, renames, count);
  if (!good)
    snprintf(error, COEXIST_WRITER_ERROR_MAX, "%s: no private copy: %s", path, strerror(errno));
  file_close(&file);
  return good ? 0 : -1;
}
