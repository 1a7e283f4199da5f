// KiB of this process that no other shares (/proc/self/smaps); the word "all": a line a mapping.
#include "bench.h"

int main(int argc, char **argv) {
  FILE *maps = fopen("/proc/self/smaps", "r");
  char line[4096], name[4096] = "";
  long total = 0, kib, here = 0;
  int all = strcmp(bench_word(argc, argv, 0), "all") == 0;
  while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
    unsigned long low, high;
    if (sscanf(line, "%lx-%lx", &low, &high) == 2) strcpy(name, line), here = 0;
    else if (sscanf(line, "Private_Clean: %ld", &kib) == 1) total += kib, here += kib;
    else if (sscanf(line, "Private_Dirty: %ld", &kib) == 1) {
      total += kib, here += kib;
      if (all && here != 0) printf("# %ld KiB %s", here, name);
    }
  }
  printf("%ld\n", total);
  return 0;
}
