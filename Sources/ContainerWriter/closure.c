// Which files loading a library brings, in the loader's order: breadth first, each SONAME once.
#include <ccoexist/container_writer.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "search.h"

enum { OBJECTS_MAX = 256 };

struct closure {
  char *paths[OBJECTS_MAX];   // "" for one that the loader has to find
  char *names[OBJECTS_MAX];   // as DT_NEEDED says it
  unsigned count;
  const char *const *shared;
  unsigned shared_count;
  const struct coexist_search *search;
};

static int is_known(const struct closure *closure, const char *name) {
  for (unsigned i = 0; i < closure->shared_count; i++)
    if (strcmp(closure->shared[i], name) == 0) return 1;
  for (unsigned i = 0; i < closure->count; i++)
    if (strcmp(closure->names[i], name) == 0) return 1;
  return 0;
}

static int add(struct closure *closure, const char *name, const char *path) {
  if (closure->count == OBJECTS_MAX) return 0;
  char *copy = strdup(name), *place = strdup(path);
  if (copy == NULL || place == NULL) return free(copy), free(place), 0;
  closure->names[closure->count] = copy;
  closure->paths[closure->count++] = place;
  return 1;
}

// One entry of a search path; $ORIGIN is the folder of the file that has it (ld.so(8)).
static int try_entry(const char *entry, size_t length, const char *origin, const char *name,
                     char *out) {
  static const char *const words[] = {"$ORIGIN", "${ORIGIN}"};
  const char *slash = strrchr(origin, '/');
  for (unsigned i = 0; i < 2; i++) {
    char folder[PATH_MAX];
    size_t word = strlen(words[i]);
    if (length < word || strncmp(entry, words[i], word) != 0) continue;
    int before = (int)(slash != NULL ? slash - origin : 0);
    int size = snprintf(folder, sizeof folder, "%.*s%.*s", before, origin, (int)(length - word),
                        entry + word);
    return size < PATH_MAX && search_folder(folder, size, name, out);
  }
  return search_folder(entry, (int)length, name, out);
}

static int search_list(const char *list, const char *origin, const char *name, char *out) {
  while (*list != 0) {
    size_t length = strcspn(list, ":");
    if (try_entry(list, length, origin, name, out)) return 1;
    list += length + (list[length] == ':');
  }
  return 0;
}

// RPATH comes before the environment's folders, and counts only without a RUNPATH; that comes after
// them.
static int search(const struct closure *closure, const struct file *file, const char *origin,
                  const char *name, char *out) {
  const struct coexist_search *all = closure->search;
  const char *runpath = file_string(file, file_tag(file, DT_RUNPATH, UINT64_MAX));
  const char *rpath = file_string(file, file_tag(file, DT_RPATH, UINT64_MAX));
  if (runpath[0] == 0 && search_list(rpath, origin, name, out)) return 1;
  if (runpath[0] == 0) return coexist_writer_search(name, all, out);
  return search_folders(all->folders, all->usual, name, out) ||
         search_list(runpath, origin, name, out) || coexist_writer_search(name, all, out);
}

static int visit(struct closure *closure, unsigned index, uint64_t *static_tls, char *error) {
  const char *path = closure->paths[index];
  struct file file;
  if (path[0] == 0) return 0;
  if (file_open(path, &file, error) != 0) return -1;
  int result = 0;
  if (file_tag(&file, DT_FLAGS, 0) & DF_STATIC_TLS) *static_tls += file_tls_size(&file);
  for (size_t i = 0; i < file.dynamic_count && result == 0; i++) {
    if (file.dynamic[i].d_tag != DT_NEEDED) continue;
    const char *name = file_string(&file, file.dynamic[i].d_un.d_val);
    char found[PATH_MAX] = "";
    if (name[0] == 0 || is_known(closure, name)) continue;
    if (strchr(name, '/') != NULL) snprintf(found, sizeof found, "%s", name);
    else if (!search(closure, &file, path, name, found)) found[0] = 0;
    if (!add(closure, name, found)) result = -1;
  }
  if (result != 0)
    snprintf(error, COEXIST_WRITER_ERROR_MAX, "%s needs more than %d libraries", path, OBJECTS_MAX);
  file_close(&file);
  return result;
}

int coexist_writer_closure(const char *path, const char *const *shared, unsigned shared_count,
                           const struct coexist_search *search,
                           int (*found)(const char *path, const char *name, void *context),
                           void *context, uint64_t *static_tls, char *error) {
  struct closure closure = {.shared = shared, .shared_count = shared_count,
                            .search = search};
  const char *slash = strrchr(path, '/');
  int result = add(&closure, slash != NULL ? slash + 1 : path, path) ? 0 : -1;
  for (unsigned i = 0; i < closure.count && result == 0; i++)
    result = visit(&closure, i, static_tls, error);
  for (unsigned i = 0; i < closure.count && result == 0; i++)
    result = found(closure.paths[i][0] != 0 ? closure.paths[i] : closure.names[i],
                   closure.names[i], context);
  for (unsigned i = 0; i < closure.count; i++) free(closure.names[i]), free(closure.paths[i]);
  return result;
}
