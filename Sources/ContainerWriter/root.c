// The root of a container: an empty object whose DT_NEEDED bring everything in one dlmopen, so that
// the libraries named are in the namespace's global scope (glibc elf/dl-object.c: the first object's
// search list is the global scope of all later ones).
#include <ccoexist/container_writer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

int coexist_writer_root(int fd, const char *soname, const char *const *needed, unsigned count,
                        char *error) {
  size_t size = 1 + strlen(soname) + 1;
  for (unsigned i = 0; i < count; i++) size += strlen(needed[i]) + 1;
  char *strings = calloc(1, size);
  struct image *image = malloc(sizeof *image);
  int result = -1;
  if (count > IMAGE_DYNAMIC_MAX - 8) {
    snprintf(error, COEXIST_WRITER_ERROR_MAX, "more than %d libraries", IMAGE_DYNAMIC_MAX - 8);
  } else if (strings != NULL && image != NULL) {
    static const Elf64_Sym none;
    static const uint32_t hash[7] = {1, 1, 1, 0, 0, 0, 0};  // one empty bucket, an empty filter
    image_start(image);
    image_tag(image, DT_SYMTAB, image_add(image, (struct piece){".dynsym", &none, sizeof none, 8,
                                                               sizeof none, SHT_DYNSYM, 2, 1, 0}));
    image_tag(image, DT_SYMENT, sizeof none);
    image_tag(image, DT_STRTAB, image_add(image, (struct piece){".dynstr", strings, size, 1, 0,
                                                               SHT_STRTAB, 0, 0, 0}));
    image_tag(image, DT_STRSZ, size);
    image_tag(image, DT_GNU_HASH, image_add(image, (struct piece){".gnu.hash", hash, sizeof hash,
                                                                  8, 0, SHT_GNU_HASH, 1, 0, 0}));
    char *at = strings + 1;
    image_tag(image, DT_SONAME, (uint64_t)(at - strings));
    at = stpcpy(at, soname) + 1;
    for (unsigned i = 0; i < count; i++) {
      image_tag(image, DT_NEEDED, (uint64_t)(at - strings));
      at = stpcpy(at, needed[i]) + 1;
    }
    result = image_write(image, fd, error);
  } else {
    snprintf(error, COEXIST_WRITER_ERROR_MAX, "out of memory");
  }
  free(image), free(strings);
  return result;
}
