// border MODE ROW: opens two copies of the library, by plain dlmopen or in containers (container,
// scope; container-share, scope-share: with the program's libstdc++), and asks for one behaviour.
// border rows: their names.
#include "border.h"

#include <coexist_container.h>
#include <string.h>

void *inside, *another;

static const Row *const tables[] = {thread_rows, data_rows, code_rows};

static void *open_copy(const char *mode, const char *path) {
  if (strcmp(mode, "dlmopen") == 0) return dlmopen(LM_ID_NEWLM, path, RTLD_NOW);
  coexist_container container;
  coexist_container_options options = {};
  options.library = path;
  static const char *const share[] = {"libstdc++.so.6"};
  if (strncmp(mode, "scope", 5) == 0) options.isolation = COEXIST_CONTAINER_SCOPE;
  if (strstr(mode, "share") != nullptr) options.share = share, options.share_count = 1;
  char error[400] = "no library";
  if (!coexist_containers_available() ||
      coexist_container_open(&options, &container, error, sizeof error) != 0)
    return fprintf(stderr, "%s\n", error), nullptr;
  return coexist_container_handle(container);
}

int main(int count, char **words) {
  for (const Row *table : tables)
    for (const Row *row = table; row->name; row++) {
      if (count == 2) puts(row->name);
      if (count < 3 || strcmp(words[2], row->name) != 0) continue;
      inside = open_copy(words[1], words[3]);
      another = open_copy(words[1], words[3]);
      if (!inside || !another) return fprintf(stderr, "%s\n", dlerror()), 2;
      int holds = row->holds();
      fflush(stdout);
      return holds ? 0 : 1;
    }
  return count == 2 ? 0 : 4;
}
