// cycle COUNT FLAGS LIBRARY [SYMBOL [scope]]: opens, calls and closes a container COUNT times;
// memory, descriptors, mappings and namespaces must stay as they are after the first tenth.
#include <coexist_container.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct use {
  long resident, files, maps;
};

static struct use measure(void) {
  struct use use = {0, 0, 0};
  char line[4096];
  FILE *file = fopen("/proc/self/smaps_rollup", "r");
  while (fgets(line, sizeof line, file))
    if (strncmp(line, "Rss:", 4) == 0) use.resident = atol(line + 4);
  fclose(file);
  file = fopen("/proc/self/maps", "r");
  while (fgets(line, sizeof line, file)) use.maps++;
  fclose(file);
  DIR *folder = opendir("/proc/self/fd");
  while (readdir(folder)) use.files++;
  closedir(folder);
  return use;
}

int main(int count, char **words) {
  int times = atoi(words[1]), scope = count > 5;
  struct use before = measure();
  for (int i = 0; i < times; i++) {
    struct coexist_container_options options = {.library = words[3], .flags = atoi(words[2])};
    options.isolation = scope ? COEXIST_CONTAINER_SCOPE : COEXIST_CONTAINER_NAMESPACE;
    coexist_container container;
    char error[400] = "";
    if (coexist_container_open(&options, &container, error, sizeof error) != 0)
      return printf("open %d: %s\n", i, error), 1;
    struct coexist_container_info info;
    coexist_container_list(&info, 1);
    if (info.space != !scope) return printf("cycle %d is in namespace %d\n", i, info.space), 1;
    int (*call)(void) = count > 4 ? coexist_container_lookup(container, words[4]) : NULL;
    if (count > 4 && (call == NULL || call() == 0)) return printf("call %d\n", i), 1;
    if (coexist_container_close(container, error, sizeof error) != 0)
      return printf("close %d: %s\n", i, error), 1;
    if (i == times / 10) before = measure();
  }
  struct use after = measure();
  printf("rss %ld -> %ld KiB, fds %ld -> %ld, maps %ld -> %ld\n", before.resident, after.resident,
         before.files, after.files, before.maps, after.maps);
  return after.resident > before.resident + 512 || after.files != before.files ||
         after.maps > before.maps + 4;
}
