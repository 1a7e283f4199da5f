// One dlmopen loads proxies, libraries and what these need: through a generated root object, so
// that even constructors bind to what is shared, and the libraries are in the global scope inside.
#include "preload.h"

#include <ccoexist/elf.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container_plan.h"
#include "start.h"

// The loader names files in memory by their descriptors: the file that each stands for.
static const char *meant(const struct plan *plan, const struct loading *loading,
                         const char *memory) {
  for (unsigned i = 0; i < plan->copied_count; i++)
    if (strcmp(plan->copied[i].memory, memory) == 0) return plan->copied[i].path;
  const struct link_map named = {.l_name = (char *)memory};
  const struct link_map *primary = coexist_proxy_primary(&named);
  return primary != NULL ? coexist_object_name((uint64_t)primary)
                         : loading->libraries[loading->count - 1];
}

// glibc's own words, with what to do about the two limits that are set before the start.
static void explain(const char *error, const struct plan *plan, const struct loading *loading,
                    char *text) {
  const char *advice = "";
  if (strstr(error, "static TLS block") != NULL && loading->share_count != 0)
    advice = "; a thread-local variable of a shared library has no fixed place in a namespace: use "
             "isolation = \"scope\"";
  else if (strstr(error, "static TLS block") != NULL)
    advice = "; start with GLIBC_TUNABLES=glibc.rtld.optional_static_tls=16384";
  else if (strstr(error, "no more namespaces") != NULL)
    advice = "; close a container";
  char memory[COEXIST_MEMORY_PATH];
  size_t length = strncmp(error, "/proc", 5) == 0 ? strcspn(error, ":") : 0;
  snprintf(memory, sizeof memory, "%.*s", (int)length, error);
  snprintf(text, CONTAINER_TEXT, "%s%s%s", length != 0 ? meant(plan, loading, memory) : "",
           error + length, advice);
}

static int load(struct plan *plan, struct loading *loading) {
  char path[COEXIST_MEMORY_PATH];
  int mode = loading->flags & COEXIST_CONTAINER_LAZY ? RTLD_LAZY : RTLD_NOW;
  if (plan->scope != 0) mode |= RTLD_DEEPBIND;
  int fd = coexist_memory_file("container", path, plan->text);
  if (fd < 0) return -1;
  plan->files[plan->files_count++] = fd;
  if (plan->scope != 0 && !coexist_scope_add(plan->scope, path, "container")) return -1;
  const struct link_map *ours =
      loading->inside == NULL ? (void *)coexist_object_at((uint64_t)coexist_load).map : NULL;
  unsigned substitutes = coexist_substitutes_count + (plan->forwards != 0);
  if (plan->writer->root(fd, ours, coexist_substitutes, substitutes, plan->needed, plan->count,
                         plan->text) != 0)
    return -1;
  loading->root = coexist_real.dlmopen(loading->space, path, mode);
  const char *error = loading->root == NULL ? dlerror() : NULL;
  if (error != NULL) return explain(error, plan, loading, plan->text), -1;
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
  struct plan *plan = malloc(sizeof *plan);
  if (plan == NULL) return snprintf(text, CONTAINER_TEXT, "out of memory"), -1;
  memset(plan, 0, offsetof(struct plan, needed));
  plan->text = text;
  int result = coexist_plan(plan, loading);
  if (result == 0 && loading->inside != NULL && plan->files_count == 0) result = 1;
  if (result == 0 && plan->static_tls != 0 && !coexist_static_tls_fits(plan->static_tls, text))
    result = -1;
  if (result == 0 && (result = load(plan, loading)) == 0) {
    if (loading->inside == NULL) loading->record->root = (uint64_t)loading->root;
    loading->record->space = loading->space;
    coexist_objects_update(loading->record, plan->copied, plan->copied_count);
  }
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
  if (coexist_proxies((uint32_t)WHOLE_FAMILY, 0, NULL, 0, &proxies, text) != 0) return NULL;
  return coexist_load_holder(space, proxies.paths, proxies.count);
}
