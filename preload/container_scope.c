// Isolation "scope": private copies in the program's own namespace, for more containers than glibc
// has namespaces. Their root is opened with RTLD_DEEPBIND, so names are looked up in it first; the
// copies have SONAMEs of their own, so that nobody else's dlopen or DT_NEEDED finds them.
#include "preload.h"

#include <ccoexist/elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "container.h"

static struct coexist_alias *list(void) {
  if (coexist_aliases == NULL)
    __atomic_store_n(&coexist_aliases, calloc(COEXIST_ALIASES_MAX, sizeof *coexist_aliases),
                     __ATOMIC_RELEASE);
  return coexist_aliases;
}

// Caller holds the lock of opening and closing. 0 = no room.
int coexist_scope_add(uint64_t id, const char *key, const char *name) {
  struct coexist_alias *all = list();
  for (int i = 0; all != NULL && i < COEXIST_ALIASES_MAX; i++) {
    if (all[i].container != 0) continue;
    snprintf(all[i].key, sizeof all[i].key, "%s", key);
    snprintf(all[i].name, sizeof all[i].name, "%s", name);
    __atomic_store_n(&all[i].container, id, __ATOMIC_RELEASE);
    if (i >= coexist_aliases_used)
      __atomic_store_n(&coexist_aliases_used, i + 1, __ATOMIC_RELEASE);
    return 1;
  }
  return 0;
}

void coexist_scope_remove(uint64_t id) {
  for (int i = 0; i < coexist_aliases_used; i++)
    if (coexist_aliases[i].container == id)
      __atomic_store_n(&coexist_aliases[i].container, 0, __ATOMIC_RELEASE);
}

uint64_t coexist_scope_of(const void *map) {
  const struct coexist_alias *alias =
      map == NULL ? NULL : coexist_object_alias((uint64_t)map);
  return alias != NULL ? alias->container : 0;
}

// The key of the container's own copy of a library, NULL = none.
const char *coexist_scope_key(uint64_t id, const char *name) {
  for (int i = 0; i < coexist_aliases_used; i++)
    if (coexist_aliases[i].container == id && strcmp(coexist_aliases[i].name, name) == 0)
      return coexist_aliases[i].key;
  return NULL;
}

// Asked for one by one: the chain of all objects is the loader's, and other threads change it.
unsigned coexist_scope_maps(uint64_t id, const struct link_map **maps, unsigned max) {
  unsigned count = 0;
  for (int i = 0; i < coexist_aliases_used && count < max; i++) {
    if (coexist_aliases[i].container != id) continue;
    void *map = coexist_real.dlmopen(LM_ID_BASE, coexist_aliases[i].key, RTLD_LAZY | RTLD_NOLOAD);
    if (map == NULL) continue;
    coexist_real.dlclose(map);  // the container holds it
    if (!coexist_is_proxy(map)) maps[count++] = map;
  }
  return count;
}

// Names with ~ and a number in place of their beginning; the rest stays, for people.
void coexist_scope_rename(const char *from, struct coexist_rename *rename) {
  static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  static uint64_t serial;
  uint64_t number = ++serial;
  snprintf(rename->from, sizeof rename->from, "%s", from);
  snprintf(rename->to, sizeof rename->to, "%s", from);
  rename->to[0] = '~';
  for (unsigned i = 1; i < 6 && rename->to[i] != 0; i++, number /= 62)
    rename->to[i] = digits[number % 62];
}
