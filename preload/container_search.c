// Where the loader would find a library that is named without a folder.
#include "preload.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container.h"

// The folders that the loader searches for everybody: LD_LIBRARY_PATH and its defaults.
unsigned coexist_search_folders(Dl_serinfo **info, const char **list, unsigned max) {
  Dl_serinfo size;
  struct link_map *map = NULL;
  void *self = coexist_real.dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
  unsigned count = 0;
  if (self != NULL && dlinfo(self, RTLD_DI_LINKMAP, &map) == 0 &&
      dlinfo(self, RTLD_DI_SERINFOSIZE, &size) == 0 && (*info = malloc(size.dls_size)) != NULL) {
    dlinfo(self, RTLD_DI_SERINFOSIZE, *info);
    if (dlinfo(self, RTLD_DI_SERINFO, *info) == 0)
      for (; count < (*info)->dls_cnt && count < max; count++)
        list[count] = (*info)->dls_serpath[count].dls_name;
  }
  if (self != NULL) coexist_real.dlclose(self);
  return count;
}

void coexist_search(const char *library, const char *const *list, unsigned count, char *out) {
  snprintf(out, PATH_MAX, "%s", library);
  if (strchr(library, '/') != NULL) return;
  for (unsigned i = 0; i < count; i++) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", list[i], library);
    if (access(path, R_OK) == 0) {
      memcpy(out, path, strlen(path) + 1);
      return;
    }
  }
}
