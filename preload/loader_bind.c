// A runtime that carries copies of other libraries and exports their names (Lean 4: GMP, libuv,
// half of an unwinder) stands in for them where it comes first in the global scope. Whoever names
// the library as needed is bound to it again, as it would have been without the runtime; and one
// exception has one unwinder, libgcc's.
#include "preload.h"

#include <ccoexist/catalogue.h>
#include <ccoexist/elf.h>
#include <elf.h>
#include <link.h>
#include <string.h>

#include "container.h"
#include "loader.h"
#include "start.h"

struct scene {
  const uint64_t *maps;
  unsigned count;
  uint64_t bundler, libgcc;
  const char *const *bundled;
};

static uint64_t by_name(const struct scene *scene, const char *name) {
  for (unsigned i = 0; i < scene->count; i++)
    if (strcmp(coexist_object_name(scene->maps[i]), name) == 0 &&
        coexist_space_of((void *)scene->maps[i]) == LM_ID_BASE)
      return scene->maps[i];
  return 0;
}

static int is_bundled(const struct scene *scene, const char *name) {
  for (int i = 0; i < COEXIST_CATALOGUE_BUNDLED && scene->bundled[i] != NULL; i++)
    if (coexist_text_matches(name, scene->bundled[i])) return 1;
  return 0;
}

// What the object would have been bound to; 0 = nothing that we know.
static uint64_t meant(const struct scene *scene, const struct link_map *object, const char *name) {
  if (strncmp(name, "_Unwind_", 8) == 0)
    return scene->libgcc != 0 ? coexist_object_symbol(scene->libgcc, name) : 0;
  uint64_t found = coexist_object_symbol((uint64_t)object, name);
  const char *strings = coexist_object_strings(object);
  for (const ElfW(Dyn) *entry = object->l_ld; entry->d_tag != DT_NULL && found == 0; entry++) {
    if (entry->d_tag != DT_NEEDED) continue;
    uint64_t needed = by_name(scene, strings + entry->d_un.d_val);
    if (needed != 0 && needed != scene->bundler) found = coexist_object_symbol(needed, name);
  }
  return found;
}

static unsigned bind(const struct scene *scene, const struct link_map *map,
                     const ElfW(Rela) *relocation, uint64_t size, const ElfW(Sym) *symbols) {
  const char *strings = coexist_object_strings(map);
  unsigned changed = 0;
  for (uint64_t i = 0; i < size / sizeof *relocation; i++, relocation++) {
    uint32_t type = ELF64_R_TYPE(relocation->r_info);
    if (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT) continue;
    const ElfW(Sym) *symbol = &symbols[ELF64_R_SYM(relocation->r_info)];
    const char *name = strings + symbol->st_name;
    if (!is_bundled(scene, name)) continue;
    uint64_t *slot = (uint64_t *)(map->l_addr + relocation->r_offset);
    uint64_t now = coexist_object_at(__atomic_load_n(slot, __ATOMIC_RELAXED)).map;
    // A slot that leads back into its own object has not been bound yet, or to its own function.
    if (now != scene->bundler && now != (uint64_t)map) continue;
    uint64_t target = meant(scene, map, name);
    if (target == 0 || coexist_object_symbol(scene->bundler, name) == 0) continue;
    if (__atomic_load_n(slot, __ATOMIC_RELAXED) == target) continue;
    changed += (unsigned)coexist_object_store((uint64_t)map, slot, target);
  }
  return changed;
}

static unsigned bind_object(const struct scene *scene, const struct link_map *map) {
  const ElfW(Rela) *plt = NULL, *data = NULL;
  const ElfW(Sym) *symbols = NULL;
  uint64_t plt_size = 0, data_size = 0;
  for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
    uint64_t value = entry->d_un.d_val;
    if (entry->d_tag == DT_JMPREL) plt = (const void *)value;
    if (entry->d_tag == DT_RELA) data = (const void *)value;
    if (entry->d_tag == DT_SYMTAB) symbols = (const void *)value;
    if (entry->d_tag == DT_PLTRELSZ) plt_size = value;
    if (entry->d_tag == DT_RELASZ) data_size = value;
  }
  if (symbols == NULL || (uint64_t)symbols < map->l_addr) return 0;
  unsigned changed = plt != NULL ? bind(scene, map, plt, plt_size, symbols) : 0;
  if (data != NULL) changed += bind(scene, map, data, data_size, symbols);
  return changed;
}

void coexist_loader_bind(const uint64_t *maps, unsigned count) {
  struct scene scene = {maps, count, 0, 0, NULL};
  scene.libgcc = by_name(&scene, "libgcc_s.so.1");
  for (unsigned b = 0; b < count; b++) {
    scene.bundled = coexist_catalogue_bundled(coexist_object_name(maps[b]));
    if (scene.bundled == NULL || coexist_space_of((void *)maps[b]) != LM_ID_BASE) continue;
    scene.bundler = maps[b];
    unsigned changed = 0;
    for (unsigned i = 0; i < count; i++)
      if (maps[i] != scene.bundler && coexist_space_of((void *)maps[i]) == LM_ID_BASE)
        changed += bind_object(&scene, (const struct link_map *)maps[i]);
    if (changed != 0)
      coexist_log(COEXIST_LOG_INFO,
                  "%s exports names of other libraries; %u references are bound past it",
                  coexist_object_name(scene.bundler), changed);
  }
}
