// The names that dlsym(3) must answer with ours. Nearly all that it is asked for are no such names,
// so they are looked up by a hash.
#include "preload.h"

#include "loader.h"

#define OURS(name) #name,
static const char *const interposed[] = {
#include "interposed.h"
};
#undef OURS

enum { COUNT = sizeof interposed / sizeof interposed[0], BUCKETS = 1024 };

// Where the program finds each, once somebody has asked. As a relocation each would be looked up
// at every start, twice (ld.so, elf/dl-reloc.c).
static void *found[COUNT];
_Static_assert(COUNT < 255 && COUNT * 4 < BUCKETS, "few collisions");

// Number of a name + 1, by hash; the next free place where two have the same.
static uint8_t buckets[BUCKETS];

static unsigned hash(const char *name) {
  unsigned sum = 5381;
  while (*name != 0) sum = sum * 33 + (uint8_t)*name++;
  return sum ^ sum >> 10;
}

void coexist_loader_names_start(void) {
  for (unsigned i = 0; i < COUNT; i++) {
    unsigned at = hash(interposed[i]);
    while (buckets[at % BUCKETS] != 0 && buckets[at % BUCKETS] != i + 1) at++;
    buckets[at % BUCKETS] = (uint8_t)(i + 1);
  }
}

// Not by strcmp: a sanitizer in the program asks us for the real strcmp, and until then its own
// calls nothing.
void *coexist_loader_ours(const char *name) {
  for (unsigned at = hash(name), number; (number = buckets[at % BUCKETS]) != 0; at++) {
    if (!coexist_text_equal(interposed[number - 1], name)) continue;
    void *ours = __atomic_load_n(&found[number - 1], __ATOMIC_RELAXED);
    if (ours == NULL) {
      ours = coexist_real.dlsym(RTLD_DEFAULT, name);
      __atomic_store_n(&found[number - 1], ours, __ATOMIC_RELAXED);
    }
    return ours;
  }
  return NULL;
}
