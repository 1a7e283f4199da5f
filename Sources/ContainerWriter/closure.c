// Which files loading a library brings, in the loader's order: breadth first, each SONAME once.
#include <ccoexist/container_writer.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

enum { OBJECTS_MAX = 256 };

struct closure {
  char *paths[OBJECTS_MAX];   // "" for one that the loader has to find
  char *names[OBJECTS_MAX];   // as DT_NEEDED says it
  unsigned count;
  const char *const *shared;
  unsigned shared_count;
  const char *const *folders;
  unsigned folders_count;
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
static int try_folder(const char *entry, size_t length, const char *origin, const char *name,
                      char *out) {
  static const char *const words[] = {"$ORIGIN", "${ORIGIN}"};
  int origin_length = (int)(strrchr(origin, '/') - origin);
  for (unsigned i = 0; i < 2; i++) {
    size_t word = strlen(words[i]);
    if (length < word || strncmp(entry, words[i], word) != 0) continue;
    snprintf(out, PATH_MAX, "%.*s%.*s/%s", origin_length, origin, (int)(length - word),
             entry + word, name);
    return access(out, R_OK) == 0;
  }
  if (length == 0) return 0;
  snprintf(out, PATH_MAX, "%.*s/%s", (int)length, entry, name);
  return access(out, R_OK) == 0;
}

static int search(const struct closure *closure, const struct file *file, const char *origin,
                  const char *name, char *out) {
  const char *list = file_string(file, file_tag(file, DT_RUNPATH,
                                                file_tag(file, DT_RPATH, UINT64_MAX)));
  while (*list != 0) {
    size_t length = strcspn(list, ":");
    if (try_folder(list, length, origin, name, out)) return 1;
    list += length + (list[length] == ':');
  }
  for (unsigned i = 0; i < closure->folders_count; i++)
    if (try_folder(closure->folders[i], strlen(closure->folders[i]), "/", name, out)) return 1;
  return 0;
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
                           const char *const *folders, unsigned folders_count,
                           int (*found)(const char *path, const char *name, void *context),
                           void *context, uint64_t *static_tls, char *error) {
  struct closure closure = {.shared = shared, .shared_count = shared_count, .folders = folders,
                            .folders_count = folders_count};
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
