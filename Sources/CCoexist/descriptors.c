// TLS descriptors (-mtls-dialect=gnu2): code calls the function of a pair in its object's table and
// gets a variable's distance from the thread pointer. Where the block is allocated with the first
// access, the loader's function asks the thread's vector, in which a context that was entered by
// hand has its own. A small library's block may lie at one distance from each thread's pointer
// instead: then the argument is that distance, and nothing is asked. Such functions are exchanged.
// Source: glibc sysdeps/x86_64/dl-machine.h (R_X86_64_TLSDESC), dl-tlsdesc.S.
#include <ccoexist/elf.h>
#include <ccoexist/registers.h>
#include <ccoexist/tls.h>
#include <elf.h>
#include <link.h>

struct coexist_descriptor coexist_descriptors[COEXIST_DESCRIPTORS_MAX];
// arch/x86_64/tls_descriptor.S has it; tests of the core link without it.
extern const char coexist_descriptor_code[] __attribute__((weak, visibility("hidden")));

struct pair {
  uint64_t function;
  int64_t argument;
};
// Visits the pairs until it says that it has seen enough.
typedef int (*visit_pair)(const struct link_map *map, struct pair *pair, void *argument);

static uint64_t dynamic(const struct link_map *map, int64_t tag) {
  for (const ElfW(Dyn) *entry = map->l_ld; entry != 0 && entry->d_tag != DT_NULL; entry++)
    if (entry->d_tag == tag) return entry->d_un.d_val;
  return 0;
}
static int each_in(const struct link_map *map, int64_t table, int64_t size, uint64_t skipped,
                   visit_pair visit, void *argument) {
  const ElfW(Rela) *each = (const ElfW(Rela) *)dynamic(map, table);
  const ElfW(Rela) *end = each == 0 ? each : each + dynamic(map, size) / sizeof *each;
  if (each != 0) each += skipped;
  for (; each < end; each++)
    if (ELF64_R_TYPE(each->r_info) == COEXIST_TLS_DESCRIPTOR_RELOCATION &&
        visit(map, (struct pair *)(map->l_addr + each->r_offset), argument))
      return 1;
  return 0;
}
// The relative relocations, which are most of a large library's, come first and are skipped.
static int each_pair(const struct link_map *map, visit_pair visit, void *argument) {
  return each_in(map, DT_JMPREL, DT_PLTRELSZ, 0, visit, argument) ||
         each_in(map, DT_RELA, DT_RELASZ, dynamic(map, DT_RELACOUNT), visit, argument);
}

static int any(const struct link_map *map, struct pair *pair, void *unused) {
  (void)map, (void)pair, (void)unused;
  return 1;
}
int coexist_descriptors_in(uint64_t map) {
  return each_pair((const struct link_map *)map, any, 0);
}

// A distance is negative, what the vector is asked with is an address.
static int is_static(const struct link_map *map, struct pair *pair, void *unused) {
  (void)map, (void)unused;
  return pair->argument < 0;
}
struct change {
  uint64_t function;
  int64_t start, end;  // of the object's own block
};
static int is_of_another(const struct link_map *map, struct pair *pair, void *argument) {
  const struct change *change = argument;
  return is_static(map, pair, 0) &&
         (pair->argument < change->start || pair->argument >= change->end);
}
static int exchange(const struct link_map *map, struct pair *pair, void *argument) {
  uint64_t function = ((const struct change *)argument)->function;
  return is_static(map, pair, 0) &&
         !coexist_object_store((uint64_t)map, &pair->function, function);
}

static struct coexist_descriptor *slot_of(uint64_t module) {
  for (int i = 0; i < COEXIST_DESCRIPTORS_MAX; i++) {
    uint64_t free = 0;
    if (__atomic_load_n(&coexist_descriptors[i].module, __ATOMIC_ACQUIRE) == module ||
        __atomic_compare_exchange_n(&coexist_descriptors[i].module, &free, module, 0,
                                    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
      return &coexist_descriptors[i];
  }
  return 0;
}

int coexist_descriptors_follow(uint64_t map, uint64_t module, uint64_t size, uint64_t generation) {
  const struct link_map *object = (const struct link_map *)map;
  if (!each_pair(object, is_static, 0)) return 1;  // all ask the vector
  int64_t start = (int64_t)(coexist_tls_native(module) - coexist_tls_pointer());
  struct change change = {0, start, start + (int64_t)size};
  if (coexist_descriptor_code == 0 || each_pair(object, is_of_another, &change)) return 0;
  struct coexist_descriptor *slot = slot_of(module);
  if (slot == 0) return 0;
  slot->place = module * sizeof(struct coexist_dtv_entry);
  slot->start = (uint64_t)start;
  slot->generation = generation;
  change.function =
      (uint64_t)coexist_descriptor_code +
      (uint64_t)(slot - coexist_descriptors) * COEXIST_DESCRIPTOR_CODE;
  return !each_pair(object, exchange, &change);
}
