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

int coexist_writer_copy(int fd, const char *path, char *error) {
  struct file file;
  if (file_open(path, &file, error) != 0) return -1;
  int good = put(fd, file.bytes, file.size, 0) && patch(fd, &file);
  if (!good)
    snprintf(error, COEXIST_WRITER_ERROR_MAX, "%s: no private copy: %s", path, strerror(errno));
  file_close(&file);
  return good ? 0 : -1;
}
