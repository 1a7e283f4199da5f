// Thread-local variables of a library that a namespace shares with the process (libstdc++'s, which
// std::call_once writes): code inside names them by the TLS module of the library's proxy.
#include "preload.h"

#include <ccoexist/elf.h>
#include <dlfcn.h>

#include "container.h"
#include "start.h"

// Module id of a proxy → of its primary; 0 = not a proxy's (tls_inside.S).
uint64_t coexist_forwarded[COEXIST_FORWARDED_MAX];
static int any;  // there ever was one

static uint64_t module_of(const struct link_map *map) {
  size_t module = 0;
  return dlinfo((void *)map, RTLD_DI_TLS_MODID, &module) == 0 ? module : 0;
}

static void arrived(const void *code) {
  const struct link_map *map = (const void *)coexist_object_at((uint64_t)code).map;
  uint64_t module = map != NULL ? module_of(map) : 0;
  const struct link_map *primary = module != 0 ? coexist_proxy_primary(map) : NULL;
  if (primary == NULL) return;
  __atomic_store_n(&any, 1, __ATOMIC_RELEASE);
  if (module < COEXIST_FORWARDED_MAX)
    __atomic_store_n(&coexist_forwarded[module], module_of(primary), __ATOMIC_RELEASE);
  else
    coexist_log(COEXIST_LOG_ERROR, "error[L043]: %s has thread-local variables of its own in a "
                "container, because %d modules have some already; share it not, or use isolation "
                "\"scope\"", coexist_object_name((uint64_t)map), COEXIST_FORWARDED_MAX);
}

// At the end of the process other threads may still be inside.
static void left(const void *code) {
  const struct link_map *map = (const void *)coexist_object_at((uint64_t)code).map;
  uint64_t module = map != NULL && coexist_container_unloads ? module_of(map) : 0;
  if (module != 0 && module < COEXIST_FORWARDED_MAX)
    __atomic_store_n(&coexist_forwarded[module], 0, __ATOMIC_RELEASE);
}

// Does the container share thread-local variables with the process?
int coexist_forwards_variables(const struct coexist_container_record *record) {
  const struct link_map *maps[CONTAINER_MAPS_MAX];
  if (!__atomic_load_n(&any, __ATOMIC_ACQUIRE)) return 0;
  unsigned count = coexist_container_maps(record, maps, CONTAINER_MAPS_MAX);
  for (unsigned i = 0; i < count; i++)
    if (coexist_proxy_primary(maps[i]) != NULL && module_of(maps[i]) != 0) return 1;
  return 0;
}

struct coexist_forwarding coexist_forwarding(void) {
  return (struct coexist_forwarding){arrived, left, 0};
}
