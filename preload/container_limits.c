// Room for initial-exec variables. glibc reserves it in each thread when the process starts; a
// library whose variables do not fit cannot be loaded, and what makes room is a variable of the
// environment (GLIBC_TUNABLES). So it is looked at first, and the answer names the value.
#include "preload.h"

#include <ccoexist/elf.h>
#include <ccoexist/tls.h>
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "container.h"

// glibc elf/dl-reloc.c _dl_try_allocate_static_tls: static blocks lie below the thread pointer,
// struct pthread above it.
static uint64_t room(void) {
  struct coexist_object libc = coexist_object_at((uint64_t)coexist_real.sigaction);
  void (*ask)(size_t *, size_t *) =
      (void (*)(size_t *, size_t *))coexist_loader_symbol("_dl_get_tls_static_info");
  const uint32_t *thread_size =
      (const uint32_t *)coexist_object_symbol(libc.map, "_thread_db_sizeof_pthread");
  size_t size = 0, align = 0;
  if (ask == NULL || thread_size == NULL) return UINT64_MAX;
  ask(&size, &align);
  return size > *thread_size ? size - *thread_size : UINT64_MAX;
}

static int is_static(const struct link_map *map) {
  for (const ElfW(Dyn) *entry = map->l_ld; entry != NULL && entry->d_tag != DT_NULL; entry++)
    if (entry->d_tag == DT_FLAGS) return (entry->d_un.d_val & DF_STATIC_TLS) != 0;
  return 0;
}

// How far below the thread pointer the object's variables begin; 0 = they are not there.
static uint64_t depth_of(const struct link_map *map, uint64_t all) {
  uint64_t self = (uint64_t)__builtin_thread_pointer(), block = 0;
  size_t index[2] = {0, 0};  // tls_index: module, offset
  if (dlinfo((void *)map, RTLD_DI_TLS_MODID, &index[0]) != 0 || index[0] == 0) return 0;
  if (dlinfo((void *)map, RTLD_DI_TLS_DATA, &block) != 0) return 0;
  if (block == 0 && is_static(map)) block = (uint64_t)coexist_real_tls_get_addr(index);
  return block < self && self - block <= all ? self - block : 0;
}

static uint64_t left(void) {
  uint64_t all = room(), used = 0;
  const struct r_debug_extended *space = coexist_spaces();
  if (all == UINT64_MAX) return all;
  for (; space != NULL; space = space->base.r_version > 1 ? space->r_next : NULL)
    for (const struct link_map *map = space->base.r_map; map != NULL; map = map->l_next) {
      uint64_t depth = depth_of(map, all);
      if (depth > used) used = depth;
    }
  return all - used;
}

static uint64_t reserved_now(void) {
  static const char name[] = "glibc.rtld.optional_static_tls=";
  const char *set = getenv("GLIBC_TUNABLES");
  const char *found = set != NULL ? strstr(set, name) : NULL;
  return found != NULL ? strtoull(found + strlen(name), NULL, 0) : 512;
}

int coexist_static_tls_fits(uint64_t wanted, char *text) {
  uint64_t free = left();
  if (wanted <= free) return 1;
  uint64_t value = (reserved_now() + wanted - free + 1023) / 1024 * 1024;
  snprintf(text, CONTAINER_TEXT,
           "its libraries want %llu bytes of static thread-local storage and %llu are left; start "
           "with GLIBC_TUNABLES=glibc.rtld.optional_static_tls=%llu, or with coexist-inspect run",
           (unsigned long long)wanted, (unsigned long long)free, (unsigned long long)value);
  return 0;
}
