// Runtimes that dlopen(3) must treat otherwise than it was asked to (catalogue: loader). Lean's
// threads run on in it after dlclose; in the global scope its copies of other libraries' names
// would stand in for these.
#include "preload.h"

#include <ccoexist/catalogue.h>
#include <ccoexist/elf.h>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container.h"
#include "loader.h"
#include "start.h"

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

static uint64_t place_in_file(const char *file, uint64_t address) {
  const ElfW(Ehdr) *header = (const void *)file;
  const ElfW(Phdr) *segment = (const void *)(file + header->e_phoff);
  for (int i = 0; i < header->e_phnum; i++, segment++)
    if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
        address - segment->p_vaddr < segment->p_filesz)
      return address - segment->p_vaddr + segment->p_offset;
  return 0;
}

// The rules of the libraries that the file names as needed. Only a file that libc itself will map
// comes here, and what does not look right is nobody's.
static uint32_t rules_of_needed(const char *file, uint64_t size) {
  const ElfW(Ehdr) *header = (const void *)file;
  if (size < sizeof *header || memcmp(file, ELFMAG, SELFMAG) != 0 || header->e_phoff > size ||
      header->e_phnum > (size - header->e_phoff) / sizeof(ElfW(Phdr)))
    return 0;
  const ElfW(Phdr) *segment = (const void *)(file + header->e_phoff);
  const ElfW(Dyn) *first = NULL;
  uint64_t count = 0, strings = 0;
  for (int i = 0; i < header->e_phnum; i++)
    if (segment[i].p_type == PT_DYNAMIC && segment[i].p_offset < size &&
        segment[i].p_filesz <= size - segment[i].p_offset) {
      first = (const void *)(file + segment[i].p_offset);
      count = segment[i].p_filesz / sizeof *first;
    }
  for (uint64_t i = 0; i < count && first[i].d_tag != DT_NULL; i++)
    if (first[i].d_tag == DT_STRTAB) strings = place_in_file(file, first[i].d_un.d_ptr);
  uint32_t rules = 0;
  for (uint64_t i = 0; i < count && first[i].d_tag != DT_NULL && strings != 0; i++) {
    if (first[i].d_tag != DT_NEEDED || first[i].d_un.d_val >= size - strings) continue;
    const char *name = file + strings + first[i].d_un.d_val;
    if (memchr(name, 0, size - (uint64_t)(name - file)) != NULL)
      rules |= coexist_catalogue_loader(name);
  }
  return rules;
}

static uint32_t rules_of_file(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  struct stat info;
  if (fd < 0) return 0;
  uint32_t rules = 0;
  if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0) {
    size_t size = (size_t)info.st_size;
    void *file = coexist_real.mmap(0, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (file != MAP_FAILED) {
      rules = rules_of_needed(file, size);
      coexist_real.munmap(file, size);
    }
  }
  close(fd);
  return rules;
}

static uint32_t rules_of_caller(uint64_t caller) {
  struct coexist_object object = coexist_object_at(caller);
  return object.map == 0 ? 0 : coexist_catalogue_loader(coexist_object_name(object.map));
}

// By the caller's RUNPATH and the environment; what only ldconfig knows is no runtime's.
static void find(const char *file, uint64_t caller, char *path) {
  struct coexist_object object = coexist_object_at(caller);
  struct folders folders;
  snprintf(path, PATH_MAX, "%s", file);
  if (strchr(file, '/') != NULL || object.map == 0) return;
  coexist_folders(&folders, (const struct link_map *)object.map);
  for (unsigned i = 0; i < folders.search.count; i++) {
    snprintf(path, PATH_MAX, "%s/%s", folders.list[i], file);
    if (access(path, R_OK) == 0) break;
    snprintf(path, PATH_MAX, "%s", file);
  }
  coexist_folders_free(&folders);
}

int coexist_loader_flags(const char *file, int flags, uint64_t caller) {
  if (!(flags & RTLD_GLOBAL) || (flags & RTLD_NOLOAD) || file == NULL) return flags;
  uint32_t rules = coexist_catalogue_loader(last_part(file));
  if (rules == 0) {
    char path[PATH_MAX];
    find(file, caller, path);
    rules = strchr(path, '/') != NULL ? rules_of_file(path) : 0;
  }
  // What the runtime itself opens is a part of it.
  if (!(rules & COEXIST_LOADER_LOCAL) || rules_of_caller(caller) != 0) return flags;
  coexist_log(COEXIST_LOG_INFO, "%s is opened without RTLD_GLOBAL", last_part(file));
  return flags & ~RTLD_GLOBAL;
}

// ---- What was kept out of the global scope, and goes there when its names are missed ----

enum { WITHHELD_MAX = 16 };
static const struct link_map *withheld[WITHHELD_MAX];
static unsigned withheld_count;

void coexist_loader_withheld(void *handle) {
  unsigned at = __atomic_fetch_add(&withheld_count, 1, __ATOMIC_RELAXED);
  if (at < WITHHELD_MAX) __atomic_store_n(&withheld[at], handle, __ATOMIC_RELEASE);
}

int coexist_loader_withholds(void) {
  return __atomic_load_n(&withheld_count, __ATOMIC_RELAXED) != 0;
}

int coexist_loader_publish(void) {
  int published = 0;
  if (!coexist_loader_withholds()) return 0;
  for (unsigned i = 0; i < WITHHELD_MAX; i++) {
    const struct link_map *map = __atomic_exchange_n(&withheld[i], NULL, __ATOMIC_ACQUIRE);
    if (map == NULL) continue;
    // The reference is not given back: it stays, as it would have.
    published |= coexist_real.dlopen(map->l_name, RTLD_LAZY | RTLD_NOLOAD | RTLD_GLOBAL) != NULL;
  }
  if (published) __atomic_store_n(&withheld_count, 0, __ATOMIC_RELAXED);
  return published;
}

// ---- What is done after objects have come ----

enum { OBJECTS_MAX = 1024 };
struct loaded {
  unsigned count, matter;
  uint64_t maps[OBJECTS_MAX];
};

// Most processes hold none of these runtimes: then only names are compared.
static int matters(struct dl_phdr_info *info, size_t size, void *result) {
  (void)size;
  if (coexist_catalogue_loader(last_part(info->dlpi_name)) == 0) return 0;
  *(int *)result = 1;
  return 1;
}

static int list(struct dl_phdr_info *info, size_t size, void *result) {
  (void)size;
  struct loaded *loaded = result;
  struct coexist_object object = coexist_object_at(info->dlpi_addr + info->dlpi_phdr->p_vaddr);
  if (object.map != 0 && loaded->count < OBJECTS_MAX) loaded->maps[loaded->count++] = object.map;
  return 0;
}

static int stays(const struct link_map *map) {
  if (coexist_catalogue_loader(coexist_object_name((uint64_t)map)) & COEXIST_LOADER_STAYS)
    return 1;
  for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++)
    if (entry->d_tag == DT_NEEDED &&
        coexist_catalogue_loader(coexist_object_strings(map) + entry->d_un.d_val) &
            COEXIST_LOADER_STAYS)
      return 1;
  return 0;
}

static void keep(const struct link_map *map) {
  void *again = coexist_real.dlopen(map->l_name, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
  if (again != NULL) coexist_real.dlclose(again);
}

void coexist_loader_loaded(void) {
  int matter = 0;
  dl_iterate_phdr(matters, &matter);
  if (!matter) return;
  static struct loaded loaded;
  static int busy;
  if (__atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE)) return;
  loaded.count = 0;
  dl_iterate_phdr(list, &loaded);
  for (unsigned i = 0; i < loaded.count; i++) {
    const struct link_map *map = (const struct link_map *)loaded.maps[i];
    if (map->l_name[0] == 0 || coexist_space_of(map) != LM_ID_BASE) continue;
    if (stays(map)) keep(map);
  }
  coexist_loader_bind(loaded.maps, loaded.count);
  __atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
}
