// One dlmopen loads proxies, libraries and what these need: through a generated root object, so
// that even constructors bind to what is shared, and the libraries are in the global scope inside.
#include "preload.h"

#include <ccoexist/elf.h>
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container.h"
#include "start.h"

enum { NEEDED_MAX = 1000 };

struct plan {
  const char *needed[NEEDED_MAX];
  unsigned count;
  char *own[NEEDED_MAX];  // texts to be freed
  unsigned own_count;
  int files[NEEDED_MAX];  // memfds to be closed
  unsigned files_count;
  const struct writer *writer;
  const char *target;     // DT_NEEDED that stands for the target
  const char *wanted;     // library whose closure is being planned
  char *text;
};

static int need(struct plan *plan, const char *name) {
  if (plan->count == NEEDED_MAX)
    return snprintf(plan->text, CONTAINER_TEXT, "more than %d libraries", NEEDED_MAX), -1;
  plan->needed[plan->count++] = name;
  return 0;
}

static const char *keep(struct plan *plan, const char *text) {
  char *copy = plan->own_count < NEEDED_MAX ? strdup(text) : NULL;
  if (copy != NULL) plan->own[plan->own_count++] = copy;
  return copy != NULL ? copy : "";
}

// A file that glibc would keep for ever is loaded from a copy in memory.
static int found(const char *path, void *context) {
  struct plan *plan = context;
  struct coexist_elf_facts facts;
  const char *name = keep(plan, path);
  if (strchr(path, '/') != NULL) {
    if (plan->writer->examine(path, coexist_family, &facts, plan->text) != 0) return -1;
    if (facts.unique != 0 || facts.no_delete) {
      char memory[COEXIST_MEMORY_PATH];
      const char *slash = strrchr(path, '/');
      int fd = coexist_memory_file(slash + 1, memory, plan->text);
      if (fd < 0) return -1;
      plan->files[plan->files_count++] = fd;
      if (plan->writer->copy(fd, path, plan->text) != 0) return -1;
      name = keep(plan, memory);
    }
  }
  if (strcmp(path, plan->wanted) == 0) plan->target = name;
  return need(plan, name);
}

// The loader trusts its files; what it would die of is found before.
static int check(struct plan *plan, const struct loading *loading, uint32_t *needs) {
  Dl_serinfo *info = NULL;
  const char *list[64];
  unsigned count = coexist_search_folders(&info, list, 64);
  int result = 0;
  for (unsigned i = 0; i < loading->count && result == 0; i++) {
    struct coexist_elf_facts facts = {.others = 0};
    char path[PATH_MAX];
    coexist_search(loading->libraries[i], list, count, path);
    if (strchr(path, '/') == NULL) *needs = (uint32_t)WHOLE_FAMILY;
    else result = plan->writer->examine(path, coexist_family, &facts, plan->text);
    *needs |= result != 0 || facts.others != 0 ? (uint32_t)WHOLE_FAMILY : facts.needs;
  }
  free(info);
  return result;
}

static int plan_copies(struct plan *plan, const struct loading *loading,
                       const struct proxies *proxies) {
  Dl_serinfo *info = NULL;
  const char *list[64];
  unsigned count = coexist_search_folders(&info, list, 64);
  int result = 0;
  for (unsigned i = 0; i < loading->count && result == 0; i++) {
    char path[PATH_MAX];
    coexist_search(loading->libraries[i], list, count, path);
    plan->wanted = path;
    result = plan->writer->closure(path, proxies->sonames, proxies->count, list, count, found,
                                   plan, plan->text);
  }
  free(info);
  return result;
}

// What is in the namespace already is found there by its SONAME.
static void loaded_already(const struct link_map *map, struct proxies *known) {
  while (map->l_prev != NULL) map = map->l_prev;
  for (; map != NULL && known->count < PROXIES_MAX; map = map->l_next)
    known->sonames[known->count++] = coexist_object_name((uint64_t)map);
}

static int make_plan(struct plan *plan, struct loading *loading) {
  struct proxies proxies = {.count = 0};
  plan->writer = coexist_writer(plan->text);
  if (plan->writer == NULL) return -1;
  if (loading->inside != NULL) {
    loaded_already(loading->inside, &proxies);
    return plan_copies(plan, loading, &proxies);
  }
  uint32_t needs = 0;
  if (check(plan, loading, &needs) != 0 ||
      coexist_proxies(needs, loading->share, loading->share_count, &proxies, plan->text) != 0)
    return -1;
  loading->has_family = needs == (uint32_t)WHOLE_FAMILY;
  for (unsigned i = 0; i < proxies.count; i++) need(plan, proxies.paths[i]);
  if (loading->flags & COEXIST_CONTAINER_COPIES) return plan_copies(plan, loading, &proxies);
  for (unsigned i = 0; i < loading->count; i++)
    if (need(plan, plan->target = loading->libraries[i]) != 0) return -1;
  return 0;
}

// glibc's own words, with what to do about the two limits that are set before the start.
static void explain(const char *error, char *text) {
  const char *advice = "";
  if (strstr(error, "static TLS block") != NULL)
    advice = "; start with GLIBC_TUNABLES=glibc.rtld.optional_static_tls=16384";
  else if (strstr(error, "no more namespaces") != NULL)
    advice = "; close a container";
  snprintf(text, CONTAINER_TEXT, "%s%s", error, advice);
}

static int load(struct plan *plan, struct loading *loading) {
  char path[COEXIST_MEMORY_PATH];
  int mode = loading->flags & COEXIST_CONTAINER_LAZY ? RTLD_LAZY : RTLD_NOW;
  int fd = coexist_memory_file("container", path, plan->text);
  if (fd < 0) return -1;
  plan->files[plan->files_count++] = fd;
  const struct link_map *ours =
      loading->inside == NULL ? (void *)coexist_object_at((uint64_t)coexist_load).map : NULL;
  if (plan->writer->root(fd, ours, coexist_substitutes, coexist_substitutes_count, plan->needed,
                         plan->count, plan->text) != 0) return -1;
  loading->root = coexist_real.dlmopen(loading->space, path, mode);
  const char *error = loading->root == NULL ? dlerror() : NULL;
  if (error != NULL) return explain(error, plan->text), -1;
  loading->space = coexist_space_of(loading->root);
  // By the text of the DT_NEEDED: the loader knows the object under that name as well.
  loading->target = coexist_real.dlmopen(loading->space, plan->target, RTLD_LAZY | RTLD_NOLOAD);
  if (loading->target != NULL) return 0;
  error = dlerror();
  snprintf(plan->text, CONTAINER_TEXT, "%s", error != NULL ? error : "the library is not there");
  coexist_real.dlclose(loading->root);
  return -1;
}

int coexist_load(struct loading *loading, char *text) {
  struct plan *plan = calloc(1, sizeof *plan);
  if (plan == NULL) return snprintf(text, CONTAINER_TEXT, "out of memory"), -1;
  plan->text = text;
  int result = make_plan(plan, loading);
  if (result == 0 && loading->inside != NULL && plan->files_count == 0) result = 1;
  if (result == 0) result = load(plan, loading);
  for (unsigned i = 0; i < plan->files_count; i++) close(plan->files[i]);
  for (unsigned i = 0; i < plan->own_count; i++) free(plan->own[i]);
  free(plan);
  return result;
}

// An object that needs all of these: while it is there nobody goes, and with it all go at once.
void *coexist_load_holder(int64_t space, const char *const *names, unsigned count) {
  char path[COEXIST_MEMORY_PATH], text[CONTAINER_TEXT];
  const struct writer *writer = coexist_writer(text);
  int fd = writer == NULL ? -1 : coexist_memory_file("holder", path, text);
  if (fd < 0) return NULL;
  void *holder = NULL;
  if (writer->root(fd, NULL, NULL, 0, names, count, text) == 0)
    holder = coexist_real.dlmopen(space, path, RTLD_LAZY);
  if (holder == NULL) coexist_log(COEXIST_LOG_WARN, "warning[L042]: no holder: %s", dlerror());
  close(fd);
  return holder;
}

void *coexist_load_family(int64_t space) {
  struct proxies proxies;
  char text[CONTAINER_TEXT];
  if (coexist_proxies((uint32_t)WHOLE_FAMILY, NULL, 0, &proxies, text) != 0) return NULL;
  return coexist_load_holder(space, proxies.paths, proxies.count);
}
