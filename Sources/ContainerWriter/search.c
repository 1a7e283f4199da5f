// Where the loader finds a library that is named without a folder (ld.so(8); glibc elf/dl-load.c).
#include "search.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// It shifts 1 by 31.
#pragma clang attribute push(__attribute__((no_sanitize("undefined"))), apply_to = function)
#include <sys/platform/x86.h>
#pragma clang attribute pop

// What the loader passes over in silence: files that are not there, and those of other machines.
static int is_ours(const char *path) {
  Elf64_Ehdr header;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t size = read(fd, &header, sizeof header);
  close(fd);
  // What is no ELF file at all is an error, which is told later.
  if (size < (ssize_t)sizeof header || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return 1;
  return header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_machine == EM_X86_64;
}

// glibc sysdeps/x86_64/dl-hwcaps_subdirs.c: the level of the machine, 1 to 4.
static int machine_level(void) {
#define HAS(name) x86_cpu_active(x86_cpu_##name)
  if (!(HAS(CMPXCHG16B) && HAS(LAHF64_SAHF64) && HAS(POPCNT) && HAS(SSE3) && HAS(SSE4_1) &&
        HAS(SSE4_2) && HAS(SSSE3)))
    return 1;
  if (!(HAS(AVX) && HAS(AVX2) && HAS(BMI1) && HAS(BMI2) && HAS(F16C) && HAS(FMA) && HAS(LZCNT) &&
        HAS(MOVBE)))
    return 2;
  return HAS(AVX512F) && HAS(AVX512BW) && HAS(AVX512CD) && HAS(AVX512DQ) && HAS(AVX512VL) ? 4 : 3;
#undef HAS
}

int search_folder(const char *folder, int length, const char *name, char *out) {
  for (int level = length > 0 ? machine_level() : 0; level > 0; level--) {
    if (level > 1)
      snprintf(out, PATH_MAX, "%.*s/glibc-hwcaps/x86-64-v%d/%s", length, folder, level, name);
    else
      snprintf(out, PATH_MAX, "%.*s/%s", length, folder, name);
    if (is_ours(out)) return 1;
  }
  return 0;
}

int search_folders(const char *const *folders, unsigned count, const char *name, char *out) {
  for (unsigned i = 0; i < count; i++)
    if (search_folder(folders[i], (int)strlen(folders[i]), name, out)) return 1;
  return 0;
}

// ---- ldconfig's cache (glibc sysdeps/generic/dl-cache.h) ----

enum { CACHE_X86_64 = 0x0303 };  // FLAG_ELF_LIBC6 | FLAG_X8664_LIB64
static const char cache_magic[] = "glibc-ld.so.cache1.1";

struct cache {
  char magic[20];
  uint32_t count, strings_size;
  uint32_t more[5];
};
struct cache_entry {
  uint32_t flags, name, path, unused;  // offsets from the beginning of the file
  uint64_t hardware;
};

// 0 = not for this machine. Variants lie in folders of their level.
static int rank(const char *path) {
  static const char variant[] = "/glibc-hwcaps/x86-64-v";
  const char *found = strstr(path, variant);
  int level = found != NULL ? found[sizeof variant - 1] - '0' : 1;
  return level >= 1 && level <= machine_level() ? level : 0;
}

static const char *text_at(const char *bytes, size_t size, uint32_t offset) {
  return offset < size && memchr(bytes + offset, 0, size - offset) != NULL ? bytes + offset : "";
}

static int find_in(const char *bytes, size_t size, const char *name, char *out) {
  const struct cache *cache = (const void *)bytes;
  if (size < sizeof *cache || memcmp(cache->magic, cache_magic, sizeof cache->magic) != 0) return 0;
  const struct cache_entry *entries = (const void *)(cache + 1);
  if (cache->count > (size - sizeof *cache) / sizeof *entries) return 0;
  int best = 0;
  for (uint32_t i = 0; i < cache->count; i++) {
    if (entries[i].flags != CACHE_X86_64 ||
        strcmp(text_at(bytes, size, entries[i].name), name) != 0)
      continue;
    const char *path = text_at(bytes, size, entries[i].path);
    int found = path[0] == '/' ? rank(path) : 0;
    if (found <= best || !is_ours(path)) continue;
    best = found;
    snprintf(out, PATH_MAX, "%s", path);
  }
  return best != 0;
}

int search_cache(const char *file, const char *name, char *out) {
  struct stat info;
  int fd = open(file, O_RDONLY | O_CLOEXEC), found = 0;
  if (fd < 0) return 0;
  if (fstat(fd, &info) == 0 && info.st_size > 0) {
    size_t size = (size_t)info.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes != MAP_FAILED) found = find_in(bytes, size, name, out), munmap(bytes, size);
  }
  close(fd);
  return found;
}

int coexist_writer_search(const char *name, const struct coexist_search *search, char *out) {
  if (search_folders(search->folders, search->usual, name, out)) return 1;
  if (search_cache(SEARCH_CACHE, name, out)) return 1;
  return search_folders(search->folders + search->usual, search->count - search->usual, name, out);
}
