// Ruby: a hidden object of ours in its heap, whose mark function looks where others keep objects.
// Source: include/ruby/internal/core/rtypeddata.h, internal/gc.h, thread.c, gc.c of Ruby 3.1. The
// object is without a write barrier, so gc.c calls the function at each marking, and once more when
// an incremental one ends (gc_marks_wb_unprotected_objects).
#include <ccoexist/stacks.h>

#include <ccoexist/elf.h>
#include <ccoexist/entry.h>
#include <ccoexist/tls.h>

// Tools and tests link this file without the core.
#pragma weak coexist_core_ruby_marks

struct coexist_ruby coexist_ruby;

int coexist_ruby_find(uint64_t map) {
  struct coexist_ruby *ruby = &coexist_ruby;
#define FUNCTION(field, name) \
  ruby->field = (__typeof__(ruby->field))coexist_object_symbol(map, name)
  FUNCTION(object_class, "rb_cObject");
  FUNCTION(is_native_thread, "ruby_native_thread_p");
  FUNCTION(has_lock, "ruby_thread_has_gvl_p");
  FUNCTION(during_gc, "rb_during_gc");
  FUNCTION(wrap, "rb_data_typed_object_wrap");
  FUNCTION(register_address, "rb_gc_register_address");
  FUNCTION(mark_locations, "rb_gc_mark_locations");
#undef FUNCTION
  if (!ruby->object_class || !ruby->is_native_thread || !ruby->has_lock || !ruby->during_gc ||
      !ruby->wrap || !ruby->register_address || !ruby->mark_locations)
    return 0;
  ruby->low = coexist_object_of(map).low;
  __atomic_store_n(&ruby->map, map, __ATOMIC_RELEASE);
  return 1;
}

struct data_type {  // rb_data_type_t
  const char *name;
  void (*mark)(void *), (*free)(void *);
  uint64_t (*size)(const void *);
  void (*compact)(void *), *reserved[1];
  const void *parent;
  void *data;
  uint64_t flags;
};
static void marks(void *unused) {
  (void)unused;
  coexist_core_ruby_marks();
}
static const struct data_type type = {.name = "coexist", .mark = marks};

int coexist_ruby_keep(void) {
  struct coexist_ruby *ruby = &coexist_ruby;
  if (ruby->map == 0 || *ruby->object_class == 0 || !ruby->is_native_thread() ||
      !ruby->has_lock() || ruby->during_gc())
    return 0;
  static uint32_t made;
  if (__atomic_exchange_n(&made, 1, __ATOMIC_ACQ_REL)) return 0;
  ruby->register_address(&ruby->keeper);
  // Without a class it is hidden from ObjectSpace; its data only must not be NULL.
  ruby->keeper = ruby->wrap(0, &coexist_ruby, &type);
  return 1;
}

// ---- What was found while threads stood still ----

enum { CHUNK = 1 << 20 };
struct chunk {
  struct chunk *next;
  uint64_t count, words[];
};
enum { CHUNK_WORDS = (CHUNK - sizeof(struct chunk)) / 8 };
static struct chunk *first, *last;

static struct chunk *room(void) {
  if (last != 0 && last->count < CHUNK_WORDS) return last;
  struct chunk *next = last == 0 ? first : last->next;
  if (next == 0) {
    next = coexist_tls_map(CHUNK);
    if (next == 0) return 0;
    if (last == 0) first = next;
    else last->next = next;
  }
  return last = next;
}
void coexist_ruby_gather(void *low, void *high) {
  enum { LOWEST = 1 << 16 };  // vm.mmap_min_addr
  const uint64_t highest = 1ull << 47;
  for (const uint64_t *word = low; word + 1 <= (uint64_t *)high; word++) {
    uint64_t value = *word;
    if ((value & 7) != 0 || value < LOWEST || value >= highest) continue;
    struct chunk *to = room();
    if (to == 0) return;
    to->words[to->count++] = value;
  }
}
void coexist_ruby_mark_gathered(void) {
  for (struct chunk *each = first; each != 0; each = each->next) {
    if (each->count != 0)
      coexist_ruby.mark_locations(each->words, each->words + each->count);
    each->count = 0;
  }
  last = 0;
}
