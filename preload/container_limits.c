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

// Where a link map says how far below the thread pointer its variables begin: as libthread_db, and
// so each debugger, finds it (glibc nptl_db/structs.def: bits, count, offset of the field).
static const uint32_t *depth_field(void) {
  struct coexist_object libc = coexist_object_at((uint64_t)coexist_real.sigaction);
  return (const uint32_t *)coexist_object_symbol(libc.map, "_thread_db_link_map_l_tls_offset");
}

// 0 = they are not there (NO_TLS_OFFSET, FORCED_DYNAMIC_TLS_OFFSET is the largest number).
static uint64_t depth_of(const struct link_map *map, const uint32_t *field, uint64_t all) {
  uint64_t depth;
  memcpy(&depth, (const char *)map + field[2], sizeof depth);
  return depth <= all ? depth : 0;
}

// UINT64_MAX = not known.
static uint64_t used_of(uint64_t all) {
  uint64_t used = 0;
  const uint32_t *field = depth_field();
  const struct r_debug_extended *space = coexist_spaces();
  if (all == UINT64_MAX || field == NULL || field[0] != 8 * sizeof used) return UINT64_MAX;
  for (; space != NULL; space = space->base.r_version > 1 ? space->r_next : NULL)
    for (const struct link_map *map = space->base.r_map; map != NULL; map = map->l_next) {
      uint64_t depth = depth_of(map, field, all);
      if (depth > used) used = depth;
    }
  return used;
}

static uint64_t left(void) {
  uint64_t all = room(), used = used_of(all);
  return used == UINT64_MAX ? UINT64_MAX : all - used;
}

static void publish(void) {
  uint64_t all = room(), used = used_of(all);
  if (used == UINT64_MAX) return;
  coexist_state->static_tls_size = all;
  coexist_state->static_tls_used = used;
}
void coexist_static_tls_publish(void) { coexist_tls_undisturbed(publish); }

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
