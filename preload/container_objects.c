// The objects of containers, published with the files that they are of: for crash reports, for the
// inspector and for debuggers, which see only the numbers of memory files.
#include "preload.h"

#include <ccoexist/elf.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "container.h"

static int used;  // slots from the first that ever were

static struct coexist_container_object *find(uint64_t id, uint64_t low) {
  struct coexist_container_object *list = coexist_state->container_objects;
  for (int i = 0; i < used; i++)
    if (list[i].container == id && (id == 0 || list[i].low == low)) return &list[i];
  return id != 0 || used == COEXIST_CONTAINER_OBJECTS_MAX ? NULL : &list[used++];
}

static void publish(uint64_t id, const struct link_map *map, const struct copied *copies,
                    unsigned count) {
  struct coexist_object where = coexist_object_at((uint64_t)map->l_ld);
  if (where.map != (uint64_t)map || find(id, where.low) != NULL) return;
  const char *path = map->l_name;
  for (unsigned i = 0; i < count; i++)
    if (strcmp(copies[i].memory, map->l_name) == 0) path = copies[i].path;
  if (strncmp(path, "/proc", 5) == 0) return;  // a root, or a holder
  struct coexist_container_object *object = find(0, 0);
  if (object == NULL) return;
  object->low = where.low, object->high = where.high;
  object->copied = path != map->l_name;
  char whole[PATH_MAX];
  if (path[0] != '/' && realpath(path, whole) != NULL) path = whole;
  snprintf(object->path, sizeof object->path, "%s", path);
  __atomic_store_n(&object->container, id, __ATOMIC_RELEASE);
}

// Caller holds the lock of opening and closing. What is gone is left out, what is new comes in.
void coexist_objects_update(const struct coexist_container_record *record,
                            const struct copied *copies, unsigned count) {
  const struct link_map *maps[CONTAINER_MAPS_MAX];
  if (record == NULL || record->root == 0) return;
  for (int i = 0; i < used; i++) {
    struct coexist_container_object *object = &coexist_state->container_objects[i];
    if (object->container == record->id && coexist_object_at(object->low).low != object->low)
      __atomic_store_n(&object->container, 0, __ATOMIC_RELEASE);
  }
  unsigned all = coexist_container_maps(record, maps, CONTAINER_MAPS_MAX);
  for (unsigned i = 0; i < all; i++)
    if (!coexist_is_proxy(maps[i])) publish(record->id, maps[i], copies, count);
}

void coexist_objects_forget(uint64_t id) {
  struct coexist_container_object *list = coexist_state->container_objects;
  for (int i = 0; i < used; i++)
    if (list[i].container == id) __atomic_store_n(&list[i].container, 0, __ATOMIC_RELEASE);
}
