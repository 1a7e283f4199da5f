// An ELF file on disk, read through libelf with every offset checked: it may be anything.
#pragma once

#include <gelf.h>
#include <libelf.h>
#include <stddef.h>
#include <stdint.h>

struct file {
  int fd;
  Elf *elf;
  const char *bytes;
  size_t size;
  const Elf64_Dyn *dynamic;
  size_t dynamic_count;
  const char *strings;
  size_t strings_size;
};

// Returns 0, or -1 with a sentence in error.
int file_open(const char *path, struct file *file, char *error);
void file_close(struct file *file);

// The text at this offset of the dynamic string table; "" if there is none.
const char *file_string(const struct file *file, uint64_t offset);
// The value of the first entry with this tag; fallback if there is none.
uint64_t file_tag(const struct file *file, int64_t tag, uint64_t fallback);
// size bytes that are at this address when the file is loaded; NULL if they are not in it.
const void *file_at(const struct file *file, uint64_t address, uint64_t size);
// PT_TLS, rounded up to its alignment.
uint64_t file_tls_size(const struct file *file);
// The dynamic symbol table by its section header; sets count. NULL if there is none.
const Elf64_Sym *file_symbols(const struct file *file, size_t *count);
