// The folders that the loader searches for a library that is named without one.
#include "preload.h"

#include <ccoexist/elf.h>
#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "container.h"

// The loader's own folders end each list; which they are glibc does not tell (elf/dl-load.c, XXX).
// One that the environment names as well is there twice.
static int is_usual(const char *folder, unsigned *seen) {
  static const char *const usual[] = {"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu",
                                      "/lib", "/usr/lib", "/lib64", "/usr/lib64"};
  for (unsigned i = 0; i < sizeof usual / sizeof usual[0]; i++) {
    if (strcmp(usual[i], folder) != 0) continue;
    int is_first = !(*seen & 1u << i);
    *seen |= 1u << i;
    return is_first;
  }
  return 0;
}

static void list(struct folders *folders, const struct link_map *map) {
  Dl_serinfo size;
  if (dlinfo((void *)map, RTLD_DI_SERINFOSIZE, &size) != 0) return;
  Dl_serinfo *info = folders->info = malloc(size.dls_size);
  if (info == NULL || dlinfo((void *)map, RTLD_DI_SERINFOSIZE, info) != 0 ||
      dlinfo((void *)map, RTLD_DI_SERINFO, info) != 0)
    return;
  struct coexist_search *search = &folders->search;
  for (; search->count < info->dls_cnt && search->count < FOLDERS_MAX; search->count++)
    folders->list[search->count] = info->dls_serpath[search->count].dls_name;
  unsigned seen = 0;
  for (search->usual = search->count; search->usual > 0; search->usual--)
    if (!is_usual(folders->list[search->usual - 1], &seen)) return;
}

void coexist_folders(struct folders *folders, const struct link_map *map) {
  folders->info = NULL;
  folders->search = (struct coexist_search){folders->list, 0, 0};
  void *libc = map == NULL ? coexist_real.dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD) : NULL;
  if (map != NULL || libc != NULL) list(folders, map != NULL ? map : libc);
  if (libc != NULL) coexist_real.dlclose(libc);
}

void coexist_folders_free(struct folders *folders) { free(folders->info); }

void coexist_search(const char *library, const struct writer *writer,
                    const struct folders *folders, char *out) {
  if (strchr(library, '/') != NULL || !writer->search(library, &folders->search, out))
    snprintf(out, PATH_MAX, "%s", library);
}

// The path that the caller's own dlopen would find: its RUNPATH counts (ld.so(8)).
void coexist_container_path(const char *file, uint64_t caller, const struct writer *writer,
                            char *path) {
  struct coexist_object object = coexist_object_at(caller);
  struct folders folders;
  snprintf(path, PATH_MAX, "%s", file);
  if (strchr(file, '/') != NULL || object.map == 0 || writer == NULL) return;
  coexist_folders(&folders, (const struct link_map *)object.map);
  coexist_search(file, writer, &folders, path);
  coexist_folders_free(&folders);
}
