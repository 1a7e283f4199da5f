// Address → owner. Calls the library's own coexist_core_sigaltstack(NULL, NULL, address, sp), which
// does that, a walk over eight slots, and nothing more; nm told its OFFSET from an exported name.
// Words: OFFSET REGIONS.
#include <sys/mman.h>

#include "parties.h"

static int (*ask)(const stack_t *, stack_t *, uint64_t caller, uint64_t sp);
static uint64_t addresses[256];
static unsigned next;

static void look_up(void) { ask(NULL, NULL, addresses[next++ % 256], 0); }

int main(int argc, char **argv) {
  char *known = dlsym(RTLD_DEFAULT, "coexist_version");
  if (known == NULL) bench_fail("libcoexist.so is not preloaded");
  ask = (void *)(known + atol(bench_word(argc, argv, 0)));
  long regions = atol(bench_word(argc, argv, 1));
  struct party party = party_open(1);
  party.regions(regions < 1 ? 1 : regions, PROT_NONE);
  // In an order that no branch predictor knows by heart; without regions, in this program's code.
  for (uint32_t i = 0, random = 1; i < 256; i++, random = random * 1664525u + 1013904223u)
    addresses[i] = regions == 0 ? (uint64_t)look_up
                   : (uint64_t)party.page() + (random >> 8) % (uint64_t)regions * 8192;
  return bench_run(argv, look_up);
}
