// Where a collector must look besides its own threads' stacks. While the world stands still only
// system calls and tables read before are used: a stopped thread may hold any lock.
#include <ccoexist/stacks.h>

#include <ccoexist/elf.h>
#include <ccoexist/enter.h>
#include <ccoexist/registers.h>
#include <ccoexist/tables.h>
#include <ccoexist/tls.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/syscall.h>

struct coexist_libgc coexist_libgcs[COEXIST_COLLECTORS];
struct coexist_root_tables coexist_root_tables[COEXIST_COLLECTORS];

uint64_t coexist_pins[COEXIST_PINS_WORDS];

enum { PAGE = 4096 };

// ---- Objects of all namespaces: glibc ≥ 2.35 links one r_debug to the next (elf/link.h) ----

// The first object that dl_iterate_phdr(3) shows is the program; its DT_DEBUG leads to all others.
static const struct r_debug_extended *spaces(const struct dl_phdr_info *program) {
  for (int i = 0; i < program->dlpi_phnum; i++) {
    if (program->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    const ElfW(Dyn) *entry =
        (const ElfW(Dyn) *)(program->dlpi_addr + program->dlpi_phdr[i].p_vaddr);
    for (; entry->d_tag != DT_NULL; entry++)
      if (entry->d_tag == DT_DEBUG) return (const struct r_debug_extended *)entry->d_un.d_ptr;
  }
  return 0;
}
static void each_object(const struct dl_phdr_info *program, void (*visit)(uint64_t, int, void *),
                        void *argument) {
  const struct r_debug_extended *space = spaces(program);
  for (int own = 1; space != 0; own = 0) {
    for (const struct link_map *map = space->base.r_map; map != 0; map = map->l_next)
      visit((uint64_t)map, own, argument);
    space = space->base.r_version >= 2 ? space->r_next : 0;
  }
}

static void call_visitor(uint64_t map, int own, void *visit) {
  ((void (*)(uint64_t, int))visit)(map, own);
}
static int objects(struct dl_phdr_info *info, size_t size, void *visit) {
  (void)size;
  each_object(info, call_visitor, visit);
  return 1;  // once: we only want the loader's lock, and the program
}
void coexist_objects_each(void (*visit)(uint64_t map, int own)) {
  dl_iterate_phdr(objects, (void *)visit);
}

// An object without PT_GNU_STACK wants executable stacks, too (glibc sysdeps/x86_64/stackinfo.h).
static void count_opener(uint64_t address, int own, void *count) {
  (void)own;
  struct coexist_object object =
      coexist_object_at((uint64_t)((const struct link_map *)address)->l_ld);
  const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)object.low;
  if (object.map == 0 || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return;
  const ElfW(Phdr) *segment = (const ElfW(Phdr) *)(object.low + header->e_phoff);
  for (int i = 0; i < header->e_phnum; i++, segment++)
    if (segment->p_type == PT_GNU_STACK && !(segment->p_flags & PF_X)) return;
  ++*(uint32_t *)count;
}
static int openers(struct dl_phdr_info *info, size_t size, void *count) {
  (void)size;
  each_object(info, count_opener, count);
  return 1;
}
uint32_t coexist_objects_opening_stacks(void) {
  uint32_t count = 0;
  dl_iterate_phdr(openers, &count);
  return count;
}

static void note_object(uint64_t address, int own, void *argument) {
  struct coexist_root_tables *tables = argument;
  const struct link_map *map = (const struct link_map *)address;
  if (own) return;  // the collector knows those
  struct coexist_object object = coexist_object_at((uint64_t)map->l_ld);
  if (object.map != address) return;  // the loader stands for itself in every namespace
  const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)object.low;
  if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return;
  const ElfW(Phdr) *segment = (const ElfW(Phdr) *)(object.low + header->e_phoff);
  for (int i = 0; i < header->e_phnum; i++, segment++) {
    if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_W)) continue;
    if (tables->segments == COEXIST_SEGMENTS_MAX) return;
    uint64_t low = map->l_addr + segment->p_vaddr;
    tables->segment[tables->segments++] =
        (struct coexist_segment){low & ~7ull, low + segment->p_memsz};
  }
}
// Only the objects of our own namespace are shown here; module ids are the process's.
static int note_module(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)size;
  struct coexist_root_tables *tables = argument;
  if (tables->modules == 0) each_object(info, note_object, tables), tables->modules = 1;
  uint64_t id = info->dlpi_tls_modid;
  if (id == 0 || id >= COEXIST_ROOT_MODULES_MAX) return 0;
  for (int i = 0; i < info->dlpi_phnum; i++)
    if (info->dlpi_phdr[i].p_type == PT_TLS) tables->size[id] = info->dlpi_phdr[i].p_memsz;
  if (tables->modules <= id) tables->modules = (uint32_t)id + 1;
  return 0;
}
void coexist_roots_refresh(uint32_t index) {
  struct coexist_root_tables *tables = coexist_root_tables_at(index);
  tables->segments = 0, tables->modules = 0;
  dl_iterate_phdr(note_module, tables);
}

// ---- Thread-local blocks (glibc sysdeps/x86_64/nptl/tls.h, elf/dl-tls.c) ----

enum { MODULES_LIKELY = 1 << 16 };
static void push_block(uint64_t block, uint64_t size, coexist_push push) {
  if (block < PAGE || block == UINT64_MAX || size == 0) return;
  if (!coexist_can_read((void *)block, 8)) return;
  push((void *)(block & ~7ull), (void *)(block + size));
}
void coexist_roots_thread_local(uint32_t index, uint64_t thread_pointer, coexist_push push) {
  const struct coexist_root_tables *tables = coexist_root_tables_at(index);
  if (thread_pointer == 0 || !coexist_can_read((void *)(thread_pointer + 8), 8)) return;
  const struct coexist_dtv_entry *dtv = *(struct coexist_dtv_entry **)(thread_pointer + 8);
  if (dtv == 0 || !coexist_can_read(&dtv[-1], 8)) return;
  uint64_t count = dtv[-1].value;
  if (count > MODULES_LIKELY) return;
  for (uint64_t id = 1; id < tables->modules && id <= count; id++)
    push_block(dtv[id].value, tables->size[id], push);
}

// ---- Contexts ----

static void each_context(void (*visit)(const struct coexist_context *, void *), void *argument) {
  uint64_t slab = __atomic_load_n(&coexist_tls_contexts, __ATOMIC_ACQUIRE);
  while (slab != 0) {
    const struct coexist_context *first = (const struct coexist_context *)slab;
    for (int i = 1; i < COEXIST_CONTEXTS_SLAB; i++)
      if (first[i].kind != 0) visit(&first[i], argument);
    slab = (uint64_t)first->outer;
  }
}

struct contexts {
  const uint64_t *size;  // of each module's block
  coexist_push push;
};
static uint64_t size_of(const struct contexts *how, uint64_t module) {
  return module < COEXIST_ROOT_MODULES_MAX ? how->size[module] : 0;
}
static void push_context(const struct coexist_context *context, void *argument) {
  const struct contexts *how = argument;
  if (context->high != 0) coexist_roots_resident(context->low, context->high, how->push);
  const struct coexist_blocks *blocks = context->blocks;
  for (uint64_t id = 0; blocks != 0 && id < blocks->count; id++)
    if (blocks->address[id] > COEXIST_TLS_BLOCK_NATIVE)
      push_block(blocks->address[id], size_of(how, id), how->push);
  // What of the thread's own stands aside while the context is entered.
  for (uint32_t i = 0; coexist_context_holder(context) != 0 && i < context->swaps_count; i++)
    push_block(context->swaps[i].before.value,
               size_of(how, context->swaps[i].place / sizeof(struct coexist_dtv_entry)), how->push);
  if (context->keys != 0) how->push(context->keys, context->keys + COEXIST_TLS_KEYS_MAX);
  for (const struct coexist_destructor *each = context->destructors; each != 0; each = each->next)
    how->push((void *)&each->object, (void *)(&each->object + 1));
}
void coexist_roots_contexts(uint32_t index, coexist_push push) {
  struct contexts how = {coexist_root_tables_at(index)->size, push};
  each_context(push_context, &how);
}

struct place {
  uint64_t sp;
  struct coexist_segment stack;
};
static void look(const struct coexist_context *context, void *argument) {
  struct place *place = argument;
  if (place->sp >= context->low && place->sp < context->high)
    place->stack = (struct coexist_segment){context->low, context->high};
}
struct coexist_segment coexist_context_stack(uint64_t sp) {
  struct place place = {sp, {0, 0}};
  each_context(look, &place);
  return place.stack;
}

// ---- Pages: Documentation/admin-guide/mm/pagemap.rst ----

void coexist_roots_resident(uint64_t low, uint64_t high, coexist_push push) {
  enum { AT_ONCE = 256 };
  uint64_t entries[AT_ONCE];
  low &= ~7ull;
  int fd = (int)coexist_syscall4(SYS_open, (long)"/proc/self/pagemap", O_RDONLY | O_CLOEXEC, 0, 0);
  for (uint64_t page = low / PAGE; page * PAGE < high;) {
    uint64_t rest = (high + PAGE - 1) / PAGE - page;
    uint64_t count = rest < AT_ONCE ? rest : AT_ONCE;
    long got = fd < 0 ? -1
                      : coexist_syscall4(SYS_pread64, fd, (long)entries, (long)(count * 8),
                                         (long)(page * 8));
    // Without the table (a /proc that is not there, or kept) each page that can be read counts.
    if (got > 0) count = (uint64_t)got / 8;
    if (got <= 0)
      for (uint64_t i = 0; i < count; i++) entries[i] = 1ull << 63;
    for (uint64_t i = 0; i < count; i++, page++) {
      enum { PRESENT_OR_SWAPPED = 3 };
      uint64_t from = page * PAGE < low ? low : page * PAGE;
      uint64_t to = (page + 1) * PAGE < high ? (page + 1) * PAGE : high;
      if ((entries[i] >> 62 & PRESENT_OR_SWAPPED) == 0 || from >= to) continue;
      if (coexist_can_read((void *)from, 8)) push((void *)from, (void *)to);
    }
  }
  if (fd >= 0) coexist_syscall4(SYS_close, fd, 0, 0, 0);
}

static const char *hexadecimal(const char *at, uint64_t *value) {
  *value = 0;
  for (;; at++) {
    int digit = *at >= '0' && *at <= '9'   ? *at - '0'
                : *at >= 'a' && *at <= 'f' ? *at - 'a' + 10
                                           : -1;
    if (digit < 0) return at;
    *value = *value << 4 | (uint64_t)digit;
  }
}
struct coexist_segment coexist_mapping_at(uint64_t address) {
  enum { SIZE = 8192 };
  char text[SIZE + 1];
  struct coexist_segment found = {0, 0};
  int fd = (int)coexist_syscall4(SYS_open, (long)"/proc/self/maps", O_RDONLY | O_CLOEXEC, 0, 0);
  long kept = 0, got;
  while (fd >= 0 && found.high == 0 &&
         (got = coexist_syscall4(SYS_read, fd, (long)(text + kept), SIZE - kept, 0)) > 0) {
    long length = kept + got;
    text[length] = 0;
    char *line = text;
    for (char *end; (end = strchr(line, '\n')) != 0; line = end + 1) {
      uint64_t low, high;
      const char *rest = hexadecimal(hexadecimal(line, &low) + 1, &high);
      if (address >= low && address < high && rest[1] == 'r')
        found = (struct coexist_segment){low, high};
    }
    kept = text + length - line;
    coexist_copy(text, line, (uint64_t)kept);  // upwards: safe towards lower addresses
  }
  if (fd >= 0) coexist_syscall4(SYS_close, fd, 0, 0, 0);
  return found;
}

void coexist_with_registers(void (*function)(uint64_t sp, uint32_t index), uint32_t index) {
  __builtin_unwind_init();  // callee-saved registers go to this frame
  function(coexist_stack_pointer(), index);
  __asm__ volatile("" ::: "memory");
}
