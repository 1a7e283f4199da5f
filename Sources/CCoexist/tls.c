// Storage of the contexts, and what loaded objects say about their thread-local variables.
#include <ccoexist/tls.h>

#include <ccoexist/elf.h>
#include <ccoexist/real.h>
#include <ccoexist/registers.h>
#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

uint32_t coexist_tls_active;
struct coexist_task_bucket coexist_tasks[COEXIST_TASK_BUCKETS];
struct coexist_tls_wish coexist_tls_wishes[COEXIST_TLS_WISHES_MAX];
uint64_t coexist_tls_contexts;
uint64_t coexist_tls_contexts_free;
uint64_t coexist_tls_pools[COEXIST_TLS_POOLS];
__attribute__((visibility("default"))) uint32_t coexist_plans_1 = 1;
uint32_t coexist_tls_unfinished;
uint32_t coexist_tls_proxies;
uint32_t coexist_tls_lends;
uint32_t coexist_tls_tables_lock;
uint64_t coexist_tls_stacks[4096];
struct coexist_key coexist_tls_keys[COEXIST_TLS_KEYS_MAX];
struct coexist_mapping coexist_tls_mappings[COEXIST_TLS_MAPPINGS];
uint64_t coexist_tls_mappings_next;
uint64_t coexist_tls_own_mapping;
struct coexist_blocks coexist_tls_no_blocks;
// arch/x86_64/tls_get_addr.S has the real one; tests of the core link without it.
__attribute__((weak)) void *(*coexist_real_tls_get_addr)(void *);
_Thread_local struct coexist_tls_self coexist_tls_self = {.native_size = COEXIST_TLS_EVERYWHERE};
struct coexist_copied coexist_copied[COEXIST_COPIED_MAX];
uint32_t coexist_copied_count;

// Keeps the caller's registers, which are all that a switch needs as a rule.
__attribute__((noinline, cold, preserve_most)) static uint64_t block_of(uint64_t module) {
  return coexist_tls_native(module);
}
void coexist_copies_exchange(uint8_t *save, const uint8_t *load) {
  typedef uint64_t word __attribute__((may_alias));
  typedef uint64_t pair __attribute__((vector_size(16), aligned(8), may_alias));
  uint32_t count = __atomic_load_n(&coexist_copied_count, __ATOMIC_ACQUIRE);
  uint64_t pointer = coexist_tls_pointer();
  for (const struct coexist_copied *range = coexist_copied; range < coexist_copied + count;
       range++) {
    uint64_t base = range->is_fixed ? pointer : block_of(range->module);
    uint8_t *live = (uint8_t *)(base + (uint64_t)range->offset);
    uint32_t words = range->words;
    // The time goes into the stores: half as many of 16 bytes, and no work beside them.
#pragma clang loop unroll(disable)
    for (; words >= 4; words -= 4, live += 32, save += 32, load += 32) {
      pair first = ((const pair *)load)[0], second = ((const pair *)load)[1];
      ((pair *)save)[0] = ((pair *)live)[0], ((pair *)save)[1] = ((pair *)live)[1];
      ((pair *)live)[0] = first, ((pair *)live)[1] = second;
    }
#pragma clang loop unroll(disable)
    for (; words > 0; words--, live += 8, save += 8, load += 8) {
      uint64_t next = *(const word *)load;
      *(word *)save = *(word *)live;
      *(word *)live = next;
    }
  }
}

void *coexist_tls_map(uint64_t size) COEXIST_SIGSAFE {
  register long flags __asm__("r10") = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  register long fd __asm__("r8") = -1;
  register long offset __asm__("r9") = 0;
  long result;
  __asm__ volatile("syscall" : "=a"(result)
                   : "a"(SYS_mmap), "D"(0), "S"(size), "d"(PROT_READ | PROT_WRITE), "r"(flags),
                     "r"(fd), "r"(offset)
                   : "rcx", "r11", "memory");
  return result < 0 && result > -4096 ? 0 : (void *)result;
}

// Functions that leave one stack for another. Who calls them is a host: its thread-local state says
// what runs on the OS thread, and stays there.
static const char *const switches[] = {
    "makecontext", "swapcontext", "setcontext", "make_fcontext", "jump_fcontext", "ontop_fcontext",
    "co_switch", "coroutine_transfer", 0};

static uint64_t dynamic(const struct link_map *map, int64_t tag) {
  for (const ElfW(Dyn) *entry = map->l_ld; entry != 0 && entry->d_tag != DT_NULL; entry++)
    if (entry->d_tag == tag) return entry->d_un.d_val;
  return 0;
}

// Undefined symbols come first: the hash table covers those from its symbol offset on.
int coexist_object_imports(uint64_t object, const char *const *names) {
  const struct link_map *map = (const struct link_map *)object;
  const uint32_t *hash = (const uint32_t *)dynamic(map, DT_GNU_HASH);
  const ElfW(Sym) *symbols = (const ElfW(Sym) *)dynamic(map, DT_SYMTAB);
  const char *strings = (const char *)dynamic(map, DT_STRTAB);
  if (hash == 0 || symbols == 0 || strings == 0) return 0;
  for (uint32_t i = 1; i < hash[1]; i++)
    for (const char *const *name = names; *name != 0; name++)
      if (symbols[i].st_shndx == SHN_UNDEF && strcmp(strings + symbols[i].st_name, *name) == 0)
        return 1;
  return 0;
}

static uint32_t flags_of(const struct link_map *map) {
  uint64_t address = (uint64_t)map;
  uint32_t flags = dynamic(map, DT_FLAGS) & DF_STATIC_TLS ? COEXIST_TLS_STATIC : 0;
  if (coexist_object_symbol(address, "malloc") != 0) flags |= COEXIST_TLS_ALLOCATOR;
  if (coexist_object_imports(address, switches)) flags |= COEXIST_TLS_SWITCHES;
  if (coexist_descriptors_in(address)) flags |= COEXIST_TLS_DESCRIPTOR;
  for (const char *const *name = switches; *name != 0; name++)
    if (coexist_object_symbol(address, *name) != 0) flags |= COEXIST_TLS_SWITCHES;
  return flags;
}

static int visit_one(struct dl_phdr_info *info, size_t size, void *visit) {
  (void)size;
  if (info->dlpi_tls_modid == 0) return 0;
  struct coexist_tls_facts facts = {.module = info->dlpi_tls_modid};
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
    if (segment->p_type == PT_LOAD && facts.map == 0) {
      struct coexist_object object = coexist_object_at(info->dlpi_addr + segment->p_vaddr);
      facts.map = object.map, facts.low = object.low;
    }
    if (segment->p_type != PT_TLS) continue;
    facts.image = info->dlpi_addr + segment->p_vaddr;
    facts.image_size = segment->p_filesz;
    facts.size = segment->p_memsz;
    facts.align = segment->p_align;
  }
  if (facts.map == 0) {  // its dlopen has not come so far
    __atomic_store_n(&coexist_tls_unfinished, 1, __ATOMIC_RELEASE);
    return 0;
  }
  facts.flags = flags_of((const struct link_map *)facts.map);
  if (info->dlpi_name[0] == 0) facts.flags |= COEXIST_TLS_PROGRAM;
  ((coexist_tls_visit)visit)(&facts);
  return 0;
}
void coexist_tls_scan(coexist_tls_visit visit) { dl_iterate_phdr(visit_one, (void *)visit); }

static int call_once(struct dl_phdr_info *info, size_t size, void *function) {
  (void)info, (void)size;
  ((void (*)(void))function)();
  return 1;
}
void coexist_tls_undisturbed(void (*function)(void)) {
  dl_iterate_phdr(call_once, (void *)function);
}

struct search {
  const char *name;
  uint64_t ours, found;
};
static int search_one(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)size;
  struct search *search = argument;
  if (info->dlpi_phnum == 0) return 0;
  uint64_t place = info->dlpi_addr;
  for (int i = 0; i < info->dlpi_phnum; i++)
    if (info->dlpi_phdr[i].p_type == PT_LOAD) {
      place += info->dlpi_phdr[i].p_vaddr;
      break;
    }
  struct coexist_object object = coexist_object_at(place);
  uint64_t symbol = object.map == 0 ? 0 : coexist_object_symbol(object.map, search->name);
  if (symbol == 0 || symbol == search->ours) return 0;
  search->found = symbol;
  return 1;
}
uint64_t coexist_object_defining(const char *name, uint64_t caller, uint64_t ours) {
  struct coexist_object object = coexist_object_at(caller);
  uint64_t own = object.map == 0 ? 0 : coexist_object_symbol(object.map, name);
  if (own != 0 && own != ours) return own;
  struct search search = {name, ours, 0};
  dl_iterate_phdr(search_one, &search);
  return search.found;
}

struct wanted {
  const struct coexist_catalogue_entry *entry;
  uint64_t found;
};
static int loaded_one(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)size;
  struct wanted *search = argument;
  const char *slash = strrchr(info->dlpi_name, '/');
  if (!coexist_catalogue_is_main(search->entry, slash == 0 ? info->dlpi_name : slash + 1)) return 0;
  for (int i = 0; i < info->dlpi_phnum; i++)
    if (info->dlpi_phdr[i].p_type == PT_LOAD) {
      search->found = coexist_object_at(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr).map;
      return search->found != 0;
    }
  return 0;
}
uint64_t coexist_object_loaded(const struct coexist_catalogue_entry *entry) {
  struct wanted search = {entry, 0};
  dl_iterate_phdr(loaded_one, &search);
  return search.found;
}

struct pinned {
  uint64_t module;
  char path[1024];
};
static int pin_one(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)size;
  struct pinned *pinned = argument;
  if (info->dlpi_tls_modid != pinned->module) return 0;
  size_t length = strlen(info->dlpi_name);
  if (length < sizeof pinned->path) memcpy(pinned->path, info->dlpi_name, length + 1);
  return 1;
}
void *coexist_tls_pin(uint64_t module, uint64_t map) {
  // The link map may be freed while we look: the name is copied where the loader's lock is held.
  struct pinned pinned = {.module = module, .path = ""};
  dl_iterate_phdr(pin_one, &pinned);
  void *pin = pinned.path[0] == 0 ? 0 : coexist_real.dlopen(pinned.path, RTLD_NOLOAD | RTLD_LAZY);
  if (pin == 0 || (uint64_t)pin == map) return pin;  // a handle is the link map
  coexist_real.dlclose(pin);
  return 0;
}
void coexist_tls_unpin(void *pin) { coexist_real.dlclose(pin); }
