// What has to be loaded so that a library is in a container: proxies, the files that it needs, and
// copies of those that cannot be loaded as they are.
#include "preload.h"

#include <ccoexist/elf.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "container_plan.h"

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

static const char *file_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

// The copy tells in /proc/PID/maps of which file it is.
static const char *copy(struct plan *plan, const char *path) {
  enum { MEMFD_NAME_MAX = 249 };  // memfd_create(2)
  char absolute[PATH_MAX];
  const char *whole = realpath(path, absolute) != NULL ? absolute : path;
  char memory[COEXIST_MEMORY_PATH];
  int fd = coexist_memory_file(strlen(whole) <= MEMFD_NAME_MAX ? whole : file_name(path), memory,
                               plan->text);
  if (fd < 0) return NULL;
  plan->files[plan->files_count++] = fd;
  if (plan->writer->copy(fd, path, plan->renames, plan->renames_count, plan->text) != 0)
    return NULL;
  const char *kept = keep(plan, memory);
  plan->copied[plan->copied_count++] = (struct copied){kept, keep(plan, path)};
  return kept;
}

// A descriptor leads to its variable without a call that could be led elsewhere.
static int refuse_descriptors(struct plan *plan, const char *path,
                              const struct coexist_elf_facts *facts) {
  if (!plan->forwards || facts->descriptors == 0) return 0;
  return snprintf(plan->text, CONTAINER_TEXT,
                  "%s has TLS descriptors of another library's variables, which namespaces cannot "
                  "share; use isolation = \"scope\", or share less", path), -1;
}

// A file that glibc would keep for ever is loaded from a copy in memory.
static int found(const char *path, const char *as, void *context) {
  struct plan *plan = context;
  struct coexist_elf_facts facts;
  (void)as;
  const char *name = keep(plan, path);
  if (strchr(path, '/') != NULL) {
    if (plan->writer->examine(path, coexist_family, &facts, plan->text) != 0) return -1;
    if (refuse_descriptors(plan, path, &facts) != 0) return -1;
    if ((facts.unique != 0 || facts.no_delete) && (name = copy(plan, path)) == NULL) return -1;
  }
  if (strcmp(path, plan->wanted) == 0) plan->target = name;
  return need(plan, name);
}

// In the program's own namespace each file is a copy, under a name that only its container knows.
static int found_in_scope(const char *path, const char *as, void *context) {
  struct plan *plan = context;
  struct coexist_elf_facts facts;
  if (strchr(path, '/') == NULL) return need(plan, keep(plan, path));
  if (plan->writer->examine(path, coexist_family, &facts, plan->text) != 0) return -1;
  int is_target = strcmp(path, plan->wanted) == 0;
  if (!is_target && strcmp(facts.soname, as) != 0)
    return snprintf(plan->text, CONTAINER_TEXT,
                    "%s: isolation \"scope\" cannot have it, because it is needed as %s, and its "
                    "SONAME is not that", path, as), -1;
  if (plan->copies == NEEDED_MAX || plan->renames_count == RENAMES_MAX ||
      strlen(facts.soname) + 1 == sizeof facts.soname)
    return snprintf(plan->text, CONTAINER_TEXT, "%s: too many libraries, or too long a SONAME",
                    path), -1;
  plan->files_of[plan->copies++] = keep(plan, path);
  if (facts.soname[0] != 0)
    coexist_scope_rename(facts.soname, &plan->renames[plan->renames_count++]);
  return 0;
}

static const struct coexist_rename *renamed(const struct plan *plan, const char *soname) {
  for (unsigned i = 0; i < plan->renames_count; i++)
    if (soname[0] != 0 && strcmp(plan->renames[i].from, soname) == 0) return &plan->renames[i];
  return NULL;
}

static int copy_for_scope(struct plan *plan) {
  for (unsigned i = 0; i < plan->copies; i++) {
    const char *path = plan->files_of[i];
    struct coexist_elf_facts facts;
    if (plan->writer->examine(path, coexist_family, &facts, plan->text) != 0) return -1;
    const char *memory = copy(plan, path);
    const struct coexist_rename *rename = renamed(plan, facts.soname);
    if (memory == NULL || need(plan, memory) != 0) return -1;
    if (!coexist_scope_add(plan->scope, rename != NULL ? rename->to : memory,
                           facts.soname[0] != 0 ? facts.soname : file_name(path)))
      return snprintf(plan->text, CONTAINER_TEXT, "all containers together have more than %d "
                                                  "libraries in scopes", COEXIST_ALIASES_MAX), -1;
    if (strcmp(path, plan->wanted) == 0) plan->target = memory;
  }
  return 0;
}

static int pass(const char *path, const char *as, void *context) {
  (void)path, (void)as, (void)context;
  return 0;
}

static int found_to_share(const char *path, const char *as, void *context) {
  struct plan *plan = context;
  struct coexist_elf_facts facts;
  (void)as;
  if (strchr(path, '/') == NULL) return 0;
  if (plan->writer->examine(path, coexist_family, &facts, plan->text) != 0) return -1;
  return refuse_descriptors(plan, path, &facts);
}

// The loader trusts its files; what it would die of is found before.
static int check(struct plan *plan, const struct loading *loading, uint32_t *needs) {
  struct folders folders;
  coexist_folders(&folders, NULL);
  int result = 0;
  for (unsigned i = 0; i < loading->count && result == 0; i++) {
    struct coexist_elf_facts facts = {.others = 0};
    char path[PATH_MAX];
    coexist_search(loading->libraries[i], plan->writer, &folders, path);
    if (strchr(path, '/') == NULL) *needs = (uint32_t)WHOLE_FAMILY;
    else result = plan->writer->examine(path, coexist_family, &facts, plan->text);
    if (facts.others != 0 && result == 0)
      result = plan->writer->closure(path, coexist_family, FAMILY, &folders.search, pass, NULL,
                                     &plan->static_tls, plan->text);
    else if (facts.static_tls) plan->static_tls += facts.tls_size;
    *needs |= result != 0 || facts.others != 0 ? (uint32_t)WHOLE_FAMILY : facts.needs;
  }
  coexist_folders_free(&folders);
  return result;
}

typedef int (*found_function)(const char *path, const char *as, void *plan);
static int plan_each(struct plan *plan, const struct loading *loading,
                     const struct proxies *proxies, found_function found_one) {
  struct folders folders;
  coexist_folders(&folders, NULL);
  int result = 0;
  for (unsigned i = 0; i < loading->count && result == 0; i++) {
    char path[PATH_MAX];
    coexist_search(loading->libraries[i], plan->writer, &folders, path);
    plan->wanted = path;
    // By its name alone: in the loader's cache.
    if (found_one == found_to_share && strchr(path, '/') == NULL) continue;
    result = plan->writer->closure(path, proxies->sonames, proxies->count, &folders.search,
                                   found_one, plan, &plan->static_tls, plan->text);
    if (i + 1 == loading->count && result == 0 && plan->scope != 0)
      result = copy_for_scope(plan);
  }
  coexist_folders_free(&folders);
  return result;
}

static int plan_copies(struct plan *plan, const struct loading *loading,
                       const struct proxies *proxies) {
  return plan_each(plan, loading, proxies, plan->scope != 0 ? found_in_scope : found);
}

// What is in the namespace already is found there by its SONAME.
static void loaded_already(const struct link_map *map, struct proxies *known) {
  while (map->l_prev != NULL) map = map->l_prev;
  for (; map != NULL && known->count < PROXIES_MAX; map = map->l_next)
    known->sonames[known->count++] = coexist_object_name((uint64_t)map);
}

int coexist_plan_check(const struct coexist_container_record *record, const char *library,
                       char *text) {
  struct proxies known = {.count = 0};
  struct loading loading = {.libraries = &library, .count = 1};
  struct plan *plan = malloc(sizeof *plan);
  if (plan == NULL) return snprintf(text, CONTAINER_TEXT, "out of memory"), -1;
  memset(plan, 0, offsetof(struct plan, needed));
  plan->text = text, plan->forwards = 1;
  plan->writer = coexist_writer(text);
  coexist_container_lock();
  loaded_already((const struct link_map *)record->root, &known);
  int result = plan->writer == NULL ? -1 : plan_each(plan, &loading, &known, found_to_share);
  coexist_container_unlock();
  free(plan);
  return result;
}

// What is in a scope already is known there by the name that it was given.
static int plan_in_scope(struct plan *plan, const struct loading *loading) {
  struct proxies known = {.count = 0};
  for (unsigned i = 0; coexist_family[i] != NULL; i++)
    known.sonames[known.count++] = coexist_family[i];
  for (int i = 0; i < coexist_aliases_used && known.count < PROXIES_MAX; i++) {
    const struct coexist_alias *alias = &coexist_aliases[i];
    if (alias->container != plan->scope) continue;
    known.sonames[known.count++] = alias->name;
    if (alias->key[0] != '~' || plan->renames_count == RENAMES_MAX) continue;
    struct coexist_rename *rename = &plan->renames[plan->renames_count++];
    memcpy(rename->from, alias->name, sizeof rename->from);
    memcpy(rename->to, alias->key, sizeof rename->to);
  }
  if (need(plan, keep(plan, loading->inside->l_name)) != 0) return -1;
  return plan_copies(plan, loading, &known);
}

int coexist_plan(struct plan *plan, struct loading *loading) {
  struct proxies proxies = {.count = 0};
  plan->writer = coexist_writer(plan->text);
  if (plan->writer == NULL) return -1;
  int scope = loading->space == LM_ID_BASE;
  plan->scope = scope ? loading->record->id : 0;
  if (scope && loading->inside != NULL) return plan_in_scope(plan, loading);
  if (loading->inside != NULL) {
    loaded_already(loading->inside, &proxies);
    plan->forwards = coexist_forwards_variables(loading->record);
    return plan_copies(plan, loading, &proxies);
  }
  uint32_t needs = 0;
  if (check(plan, loading, &needs) != 0) return -1;
  if (scope) needs = (uint32_t)WHOLE_FAMILY;
  if (coexist_proxies(needs, scope, loading->share, loading->share_count, &proxies,
                      plan->text) != 0)
    return -1;
  loading->has_family = needs == (uint32_t)WHOLE_FAMILY;
  for (unsigned i = 0; i < proxies.count; i++) {
    need(plan, proxies.paths[i]);
    if (scope && !coexist_scope_add(plan->scope, proxies.paths[i], proxies.sonames[i])) return -1;
  }
  plan->forwards = proxies.forwards;
  int copies = scope || loading->flags & COEXIST_CONTAINER_COPIES;
  if (copies || plan->forwards) plan->static_tls = 0;  // counted anew
  if (copies) return plan_copies(plan, loading, &proxies);
  if (plan->forwards && plan_each(plan, loading, &proxies, found_to_share) != 0) return -1;
  for (unsigned i = 0; i < loading->count; i++)
    if (need(plan, plan->target = loading->libraries[i]) != 0) return -1;
  return 0;
}
