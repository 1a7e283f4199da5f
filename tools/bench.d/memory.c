// mmap+munmap and mprotect to and fro, by the program or by a runtime; words: WHAT PROTECTION WHO
// REGIONS (how many the runtime has already).
#include <sys/mman.h>

#include "parties.h"

static struct party party;
static int protection;
static char *room;

static void map_app(void) {
  void *memory = mmap(NULL, 65536, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(memory, 65536);
}
static void protect_app(void) {
  mprotect(room, 4096, protection);
  mprotect(room, 4096, PROT_READ | PROT_WRITE);
}
static void map_party(void) { party.map(protection); }
static void protect_party(void) { party.protect(protection); }

int main(int argc, char **argv) {
  int maps = strcmp(bench_word(argc, argv, 0), "map") == 0;
  for (const char *letter = bench_word(argc, argv, 1); *letter != 0; letter++)
    protection |= *letter == 'r' ? PROT_READ : *letter == 'w' ? PROT_WRITE
                  : *letter == 'x' ? PROT_EXEC : 0;
  room = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (strcmp(bench_word(argc, argv, 2), "app") == 0)
    return bench_run(argv, maps ? map_app : protect_app);
  party = party_open(1);
  party.regions(atol(bench_word(argc, argv, 3)), PROT_NONE);
  return bench_run(argv, maps ? map_party : protect_party);
}
