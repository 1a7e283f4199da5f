// Handles that the program holds. While it holds one, dlopen(3) of its file loads nothing, whoever
// calls. Fewer references are counted here than
// there are: those that libc itself takes are never, and in doubt one is forgotten. Whoever closes
// past us (RTLD_DEEPBIND) leaves a handle behind that is none any more: the loader is asked, by an
// address inside the object, before one is believed.
#include <ccoexist/elf.h>
#include <ccoexist/registers.h>
#include <string.h>

#include "loader.h"

enum { SLOTS = 256, COUNT_BITS = 16, PAGE = 4096 };
static const uint64_t count_mask = (1u << COUNT_BITS) - 1;

// The handle in the upper 48 bits, references in the lower 16; 0 = free.
static uint64_t held[SLOTS];
static uint64_t inside[SLOTS];  // (atomic) its dynamic section

static unsigned place_of(const void *handle) {
  return ((uint64_t)handle >> 4) * 0x9E3779B97F4A7C15u >> 56;
}
static uint64_t *slot_of(const void *handle) { return &held[place_of(handle)]; }
static int is_loaded(const void *handle) {
  uint64_t address = __atomic_load_n(&inside[place_of(handle)], __ATOMIC_ACQUIRE);
  return coexist_object_at(address).map == (uint64_t)handle;
}
static uint64_t with(const void *handle, uint64_t count) {
  return (uint64_t)handle << COUNT_BITS | count;
}
static int is_of(uint64_t word, const void *handle) {
  return word != 0 && (word & ~count_mask) == with(handle, 0);
}

// Handles by the names of their files.
static const struct link_map *named[SLOTS];

static const struct link_map **slot_named(const char *file) {
  uint64_t size = strlen(file), end = 0;
  memcpy(&end, size < sizeof end ? file : file + size - sizeof end,
         size < sizeof end ? size : sizeof end);
  return &named[(end ^ size) * 0x9E3779B97F4A7C15u >> 56];
}

void coexist_loader_opened(const struct link_map *map) {
  uint64_t *slot = slot_of(map), word = __atomic_load_n(slot, __ATOMIC_ACQUIRE), more;
  int is_known;
  do {
    is_known = is_of(word, map);
    if (!is_known && word != 0) return;
    if (is_known && (word & count_mask) == count_mask) return;  // no room to count one more
    more = is_known ? word + 1 : with(map, 1);
  } while (!__atomic_compare_exchange_n(slot, &word, more, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
  if (is_known && is_loaded(map)) return;
  __atomic_store_n(&inside[place_of(map)], (uint64_t)map->l_ld, __ATOMIC_RELEASE);
  __atomic_store_n(slot_named(map->l_name), map, __ATOMIC_RELEASE);
}

int coexist_loader_holds(const char *file) {
  const struct link_map *map = __atomic_load_n(slot_named(file), __ATOMIC_ACQUIRE);
  return map != NULL && is_of(__atomic_load_n(slot_of(map), __ATOMIC_ACQUIRE), map) &&
         is_loaded(map) && strcmp(map->l_name, file) == 0;
}

void coexist_loader_closes(const void *handle) {
  uint64_t *slot = slot_of(handle), word = __atomic_load_n(slot, __ATOMIC_ACQUIRE), left;
  do {
    if (!is_of(word, handle)) return;
    left = word - 1;
    if ((left & count_mask) == 0) left = 0;
  } while (!__atomic_compare_exchange_n(slot, &word, left, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
}

// ---- Where a call comes back to ----

// Callers in the upper 48 bits, and how far behind one a `ret` is.
static uint64_t returns[SLOTS];

// The search for a `ret` takes longer than dlopen(3) of what is there. What is remembered is only
// used in the caller's own page, which is certainly there, and if it is a `ret` still.
uint64_t coexist_loader_return(uint64_t caller) {
  uint64_t *slot = &returns[caller * 0x9E3779B97F4A7C15u >> 56];
  uint64_t word = __atomic_load_n(slot, __ATOMIC_RELAXED);
  if (word >> COUNT_BITS == caller) {
    uint64_t found = caller + (word & count_mask);
    if (*(const uint8_t *)found == COEXIST_RETURN) return found;
  }
  uint64_t found = coexist_object_return(caller);
  if (found != 0 && found / PAGE == caller / PAGE)
    __atomic_store_n(slot, caller << COUNT_BITS | (found - caller), __ATOMIC_RELAXED);
  return found;
}
