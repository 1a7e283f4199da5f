// Which namespace an object is in, and whose container that is.
#include "preload.h"

#include <ccoexist/elf.h>
#include <ccoexist/tls.h>
#include <dlfcn.h>
#include <string.h>

#include "container.h"

_Thread_local uint64_t coexist_container_being_opened __attribute__((tls_model("initial-exec")));

int64_t coexist_space_of(const void *map) {
  Lmid_t space = LM_ID_BASE;
  // A link map is a handle (glibc dlfcn/dlinfo.c); for this question any object's will do.
  return map != NULL && dlinfo((void *)map, RTLD_DI_LMID, &space) == 0 ? space : LM_ID_BASE;
}

// Constructors run before dlmopen has told us the namespace: then it is the one being opened.
static struct coexist_container_record *being_opened(int64_t space) {
  struct coexist_container_record *record =
      coexist_core_container_find(coexist_container_being_opened);
  if (record == NULL || record->space != 0) return NULL;
  record->space = space;
  return record;
}

struct coexist_container_record *coexist_container_around(uint64_t address) {
  if (!coexist_containers_used()) return NULL;
  struct coexist_object object = coexist_object_at(address);
  int64_t space = coexist_space_of((void *)object.map);
  if (space == LM_ID_BASE) return coexist_core_container_find(coexist_scope_of((void *)object.map));
  struct coexist_container_record *record = coexist_core_container_in(space);
  return record != NULL ? record : being_opened(space);
}

uint64_t coexist_loader_symbol(const char *name) {
  uint64_t map = coexist_object_at((uint64_t)coexist_real_tls_get_addr).map;
  return map != 0 ? coexist_object_symbol(map, name) : 0;
}

// The debugger's list of namespaces (glibc elf/dl-debug.c). The loader's own copy of its head: a
// program's may be one that it copied at its start.
const struct r_debug_extended *coexist_spaces(void) {
  static const void *head;
  if (head == NULL) head = (const void *)coexist_loader_symbol("_r_debug");
  return head;
}

uint32_t coexist_spaces_used(void) {
  const struct r_debug_extended *space = coexist_spaces();
  uint32_t used = 0;
  while (space != NULL) {
    used += space->base.r_map != NULL;
    space = space->base.r_version > 1 ? space->r_next : NULL;
  }
  uint32_t ours = 1;
  for (int slot = 0; slot < COEXIST_CONTAINERS_MAX; slot++)
    ours += coexist_state->containers[slot].id != 0 &&
            coexist_state->containers[slot].isolation == COEXIST_CONTAINER_NAMESPACE;
  return used > ours ? used : ours;
}

unsigned coexist_container_maps(const struct coexist_container_record *record,
                                const struct link_map **maps, unsigned max) {
  if (record->isolation == COEXIST_CONTAINER_SCOPE)
    return coexist_scope_maps(record->id, maps, max);
  const struct link_map *map = (const void *)record->root;
  unsigned count = 0;
  while (map->l_prev != NULL) map = map->l_prev;
  for (; map != NULL && count < max; map = map->l_next)
    // The loader itself is in each namespace (glibc elf/dl-load.c).
    if (coexist_object_at((uint64_t)map->l_ld).map == (uint64_t)map) maps[count++] = map;
  return count;
}
