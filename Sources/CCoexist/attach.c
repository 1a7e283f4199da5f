// By which functions a runtime is told of a thread that it has not made: the catalogue's attach.
#include <ccoexist/stacks.h>

#include <ccoexist/catalogue.h>
#include <ccoexist/elf.h>

struct coexist_attach coexist_attaches[COEXIST_ATTACHES_MAX];

int coexist_attach_find(struct coexist_attach *attach, uint64_t map) {
  for (uint32_t i = 0; i < coexist_catalogue_count; i++) {
    const struct coexist_catalogue_entry *entry = coexist_catalogue[i];
    uint64_t function = entry->attach != 0 ? coexist_object_symbol(map, entry->attach) : 0;
    uint64_t argument =
        entry->attach_argument != 0 ? coexist_object_symbol(map, entry->attach_argument) : 0;
    if (function == 0 || (entry->attach_argument != 0 && argument == 0)) continue;
    attach->attach = (void *(*)(void *))function;
    attach->argument = (void *(*)(void))argument;
    attach->low = coexist_object_of(map).low;
    __atomic_store_n(&attach->map, map, __ATOMIC_RELEASE);
    return 1;
  }
  return 0;
}
