// A small ELF shared object as a list of pieces, written by libelf. Addresses are file offsets.
#pragma once

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

enum { IMAGE_PIECES_MAX = 8, IMAGE_DYNAMIC_MAX = 1024 };

struct piece {
  const char *name;
  const void *data;
  uint64_t size, align, entry_size;
  uint32_t type;  // SHT_*
  uint32_t link;  // piece number + 1 that the section header points at; 0 = none
  uint32_t info;
  uint64_t address;
};

struct image {
  uint64_t tls_size;  // PT_TLS, zeroes; 0 = none
  int has_code;
  struct piece pieces[IMAGE_PIECES_MAX];
  unsigned count;
  uint64_t end;
  Elf64_Dyn dynamic[IMAGE_DYNAMIC_MAX];
  unsigned dynamic_count;
};

void image_start(struct image *image);
// Returns the piece's address. The data must live until image_write.
uint64_t image_add(struct image *image, struct piece piece);
void image_tag(struct image *image, int64_t tag, uint64_t value);
// Ends the dynamic table and writes everything. Returns 0, or -1 with a sentence in error.
int image_write(struct image *image, int fd, char *error);
