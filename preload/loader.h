// The parts of loader.c, each in the file of its name.
#pragma once

#include <link.h>
#include <stdint.h>

// loader_rules.c. The flags that dlopen(3) gets; those that it was kept from are remembered, and
// given after all when a name is missed: 1 = something was.
int coexist_loader_flags(const char *file, int flags, uint64_t caller);
void coexist_loader_withheld(void *handle);
int coexist_loader_publish(void);
int coexist_loader_withholds(void);
// Objects have come.
void coexist_loader_loaded(void);

// loader_known.c: dlopen(3) has answered with a handle; before dlclose(3) of one.
void coexist_loader_opened(const struct link_map *map);
void coexist_loader_closes(const void *handle);
int coexist_loader_holds(const char *file);  // the program does, under that very path
// As coexist_object_return, remembered.
uint64_t coexist_loader_return(uint64_t caller);

// loader_names.c: our own function of that name; NULL = we have none.
void coexist_loader_names_start(void);
void *coexist_loader_ours(const char *name);

// loader_bind.c
void coexist_loader_bind(const uint64_t *maps, unsigned count);

static inline const char *coexist_object_strings(const struct link_map *map) {
  for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++)
    if (entry->d_tag == DT_STRTAB) {
      uint64_t at = entry->d_un.d_ptr;  // the loader relocates it, but not in the vDSO
      return (const char *)(at < map->l_addr ? at + map->l_addr : at);
    }
  return "";
}
