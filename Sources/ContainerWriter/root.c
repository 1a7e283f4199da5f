// The root of a container: an object whose DT_NEEDED bring everything in one dlmopen, so that the
// libraries named are in the namespace's global scope (glibc elf/dl-object.c: the first object's
// search list is the global scope of all later ones). It has our own names itself.
#include <ccoexist/container_writer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "loaded.h"

// What an object without names has: one undefined symbol, one empty bucket, an empty filter.
static const uint32_t no_hash[7] = {1, 1, 1, 0, 0, 0, 0};

static void tables(struct image *image, const struct loaded *face, const ElfW(Sym) *symbols,
                   const char *strings, uint64_t size) {
  uint64_t symbols_size = (face != NULL ? face->symbols_count : 1) * sizeof *symbols;
  struct piece piece = {".dynsym", symbols, symbols_size, 8, sizeof *symbols, SHT_DYNSYM, 2, 1, 0};
  image_tag(image, DT_SYMTAB, image_add(image, piece));
  image_tag(image, DT_SYMENT, sizeof *symbols);
  piece = (struct piece){".dynstr", strings, size, 1, 0, SHT_STRTAB, 0, 0, 0};
  image_tag(image, DT_STRTAB, image_add(image, piece));
  image_tag(image, DT_STRSZ, size);
  piece = (struct piece){".gnu.hash", face != NULL ? face->hash : no_hash,
                         face != NULL ? face->hash_size : sizeof no_hash, 8, 0, SHT_GNU_HASH,
                         1, 0, 0};
  image_tag(image, DT_GNU_HASH, image_add(image, piece));
  if (face != NULL) image_tag(image, DT_SONAME, face->soname);
}

// The same in each root, so filled in once: addresses of loaded code stay.
static const ElfW(Sym) *symbols_of(const struct loaded *face,
                                   const struct coexist_substitute *substitutes, unsigned count) {
  static const ElfW(Sym) none = {0};
  static const struct link_map *map;
  static unsigned substitutes_count;
  static ElfW(Sym) *symbols;
  if (face == NULL) return &none;
  if (map == face->map && substitutes_count == count) return symbols;
  free(symbols);
  map = NULL;
  symbols = malloc(face->symbols_count * sizeof *symbols);
  if (symbols == NULL || !proxy_symbols(face, substitutes, count, symbols)) return NULL;
  map = face->map, substitutes_count = count;
  return symbols;
}

int coexist_writer_root(int fd, const struct link_map *map,
                        const struct coexist_substitute *substitutes, unsigned substitutes_count,
                        const char *const *needed, unsigned count, char *error) {
  struct loaded face;
  int has_face = map != NULL && loaded_read(map, &face) && face.soname != 0;
  size_t first = has_face ? face.strings_size : 1, size = first;
  if (count > IMAGE_DYNAMIC_MAX - 8)
    return snprintf(error, COEXIST_WRITER_ERROR_MAX, "more than %d libraries", IMAGE_DYNAMIC_MAX),
           -1;
  for (unsigned i = 0; i < count; i++) size += strlen(needed[i]) + 1;
  char *strings = calloc(1, size);
  struct image *image = malloc(sizeof *image);
  const ElfW(Sym) *symbols =
      symbols_of(has_face ? &face : NULL, substitutes, substitutes_count);
  int result = -1;
  snprintf(error, COEXIST_WRITER_ERROR_MAX, "out of memory");
  if (strings != NULL && image != NULL && symbols != NULL) {
    if (has_face) memcpy(strings, face.strings, face.strings_size);
    image_start(image);
    tables(image, has_face ? &face : NULL, symbols, strings, size);
    char *at = strings + first;
    for (unsigned i = 0; i < count; i++) {
      image_tag(image, DT_NEEDED, (uint64_t)(at - strings));
      at = stpcpy(at, needed[i]) + 1;
    }
    result = image_write(image, fd, error);
  }
  free(image), free(strings);
  return result;
}
