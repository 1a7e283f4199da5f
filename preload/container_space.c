// Which namespace an object is in, and whose container that is.
#include "preload.h"

#include <ccoexist/elf.h>
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

// The debugger's list of namespaces (glibc elf/dl-debug.c). The loader's own copy of its head: a
// program's may be one that it copied at its start.
uint32_t coexist_spaces_used(void) {
  struct coexist_object loader = coexist_object_at((uint64_t)_dl_find_object);
  uint64_t head = coexist_object_symbol(loader.map, "_r_debug");
  const struct r_debug_extended *space = (const void *)head;
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
