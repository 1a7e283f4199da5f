// Programs that know nothing of containers: dlopen of a library that the configuration puts into
// one is answered from it, dlclose of that handle ends it; and the calls that come from inside.
#define COEXIST_CONTAINER_IMPLEMENTATION
#define COEXIST_CONTAINER_API __attribute__((visibility("default")))
#include "preload.h"

#include <ccoexist/elf.h>
#include <dlfcn.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "container.h"
#include "start.h"

static const struct coexist_container_rule *rule_for(const char *file) {
  const char *slash = strrchr(file, '/'), *name = slash != NULL ? slash + 1 : file;
  for (uint32_t i = 0; i < coexist_config.containers_count; i++) {
    const struct coexist_container_rule *rule = &coexist_config.containers[i];
    for (uint32_t n = 0; n < rule->libraries_count; n++)
      if (fnmatch(rule->libraries[n], name, 0) == 0) return rule;
  }
  return NULL;
}

static struct coexist_container_record *by_library(const char *library) {
  for (uint64_t slot = 0; slot < COEXIST_CONTAINERS_MAX; slot++) {
    struct coexist_container_record *record = &coexist_state->containers[slot];
    if (record->id != 0 && record->opens != 0 && strcmp(record->library, library) == 0 &&
        record->state <= COEXIST_CONTAINER_SEALED)
      return record;
  }
  return NULL;
}

// dlerror must tell the reason: libc's own words come from a dlopen of a file that cannot be.
void coexist_container_leave_error(const char *text) {
  char line[CONTAINER_TEXT + 32];
  snprintf(line, sizeof line, "/coexist: %s", text);
  for (char *c = line + 1; *c != 0; c++)
    if (*c == '/') *c = '|';
  coexist_real.dlopen(line, RTLD_LAZY);
}

// One that is never given back keeps what RTLD_NODELETE says stays.
static uint32_t references(int flags) { return flags & RTLD_NODELETE ? 2 : 1; }

static void *open_by_rule(const struct coexist_container_rule *rule, const char *library,
                          int flags) {
  const char *share[COEXIST_PATTERNS_MAX];
  for (uint32_t i = 0; i < rule->share_count; i++) share[i] = rule->share[i];
  struct coexist_container_options options = {
      .library = library, .name = rule->name, .isolation = rule->isolation,
      .flags = (rule->copies ? COEXIST_CONTAINER_COPIES : 0) |
               (rule->lazy ? COEXIST_CONTAINER_LAZY : 0),
      .share = share, .share_count = rule->share_count,
      .close_timeout_ms = rule->close_timeout_ms};
  char text[CONTAINER_TEXT];
  coexist_container container;
  if (coexist_container_open(&options, &container, text, sizeof text) != 0) {
    coexist_log(COEXIST_LOG_ERROR, "error[L040]: container \"%s\": %s", rule->name, text);
    coexist_container_leave_error(text);
    return NULL;
  }
  struct coexist_container_record *record = coexist_core_container_find(container);
  record->opens = references(flags);
  if (flags & RTLD_GLOBAL)
    coexist_log(COEXIST_LOG_INFO, "container \"%s\": RTLD_GLOBAL is left out; its names are for "
                "its inside and for dlsym with its handle", rule->name);
  return (void *)record->target;
}

int coexist_container_dlopen(const char *file, int flags, uint64_t caller, void **result) {
  if (coexist_container_dlopen_inside(file, flags, caller, result)) return 1;
  if (file == NULL || coexist_config.containers_count == 0) return 0;
  if (coexist_container_being_opened != 0) return 0;
  const struct coexist_container_rule *rule = rule_for(file);
  if (rule == NULL || coexist_container_around(caller) != NULL) return 0;
  char path[PATH_MAX], text[CONTAINER_TEXT];
  coexist_container_lock();
  coexist_container_path(file, caller, coexist_writer(text), path);
  struct coexist_container_record *record = by_library(path);
  if (record != NULL) record->opens += references(flags), *result = (void *)record->target;
  else if (flags & RTLD_NOLOAD) *result = NULL;
  else *result = open_by_rule(rule, path, flags);
  coexist_container_unlock();
  return 1;
}

static struct coexist_container_record *of_handle(void *handle) {
  if (!coexist_containers_used()) return NULL;
  for (uint64_t slot = 0; slot < COEXIST_CONTAINERS_MAX; slot++) {
    struct coexist_container_record *record = &coexist_state->containers[slot];
    if (record->id != 0 && record->target == (uint64_t)handle &&
        record->state <= COEXIST_CONTAINER_SEALED)
      return record;
  }
  return NULL;
}

int coexist_container_dlclose(void *handle, uint64_t caller, int *result) {
  coexist_container_forget_handle(handle);
  struct coexist_container_record *record = of_handle(handle);
  if (record == NULL || coexist_container_around(caller) == record) return 0;
  char text[CONTAINER_TEXT] = "";
  *result = 0;
  if (record->opens > 1) return record->opens--, 1;
  if (coexist_container_end(record->id, text) != 0) {
    coexist_log(COEXIST_LOG_WARN, "warning[L041]: container \"%s\" stays: %s", record->name, text);
    coexist_container_leave_error(text);
    *result = -1;
  }
  return 1;
}

COEXIST_CONTAINER_API int coexist_container_match(const char *pattern,
                                                  const struct coexist_container_options *options) {
  uint32_t count = coexist_config.containers_count;
  if (pattern == NULL || strlen(pattern) >= sizeof coexist_config.containers[0].libraries[0])
    return errno = EINVAL, -1;
  if (!coexist_ready()) return errno = ENOTSUP, -1;
  if (count == COEXIST_CONTAINER_RULES_MAX) return errno = ENOSPC, -1;
  struct coexist_container_rule *rule = &coexist_config.containers[count];
  memset(rule, 0, sizeof *rule);
  snprintf(rule->name, sizeof rule->name, "%s",
           options != NULL && options->name != NULL ? options->name : pattern);
  strcpy(rule->libraries[0], pattern);
  rule->libraries_count = 1;
  if (options != NULL) {
    rule->isolation = options->isolation;
    rule->copies = (options->flags & COEXIST_CONTAINER_COPIES) != 0;
    rule->lazy = (options->flags & COEXIST_CONTAINER_LAZY) != 0;
    rule->close_timeout_ms = options->close_timeout_ms;
    for (; rule->share_count < options->share_count &&
           rule->share_count < COEXIST_PATTERNS_MAX; rule->share_count++)
      snprintf(rule->share[rule->share_count], sizeof rule->share[0], "%s",
               options->share[rule->share_count]);
  }
  __atomic_store_n(&coexist_config.containers_count, count + 1, __ATOMIC_RELEASE);
  return 0;
}
