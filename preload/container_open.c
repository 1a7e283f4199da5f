// coexist_container.h: open, look up, seal, list. Decisions are the core's.
#define COEXIST_CONTAINER_IMPLEMENTATION
#define COEXIST_CONTAINER_API __attribute__((visibility("default")))
#include "preload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "container.h"
#include "start.h"

static int fail(int code, const char *text, char *error, size_t size) {
  coexist_log(COEXIST_LOG_INFO, "container: %s", text);
  if (error != NULL && size > 0) snprintf(error, size, "%s", text);
  errno = code;
  return -1;
}

static const char *short_name(const struct coexist_container_options *options) {
  if (options->name != NULL && options->name[0] != 0) return options->name;
  const char *slash = strrchr(options->library, '/');
  return slash != NULL ? slash + 1 : options->library;
}

enum { EXTRA_MAX = 32 };

static int load(struct coexist_container_record *record,
                const struct coexist_container_options *options, char *text) {
  const char *libraries[EXTRA_MAX + 1];
  struct loading loading = {.libraries = libraries, .share = options->share,
                            .share_count = options->share_count, .flags = options->flags,
                            .space = LM_ID_NEWLM, .record = record};
  if (record->isolation == COEXIST_CONTAINER_SCOPE) loading.space = LM_ID_BASE;
  for (; loading.count < options->extra_count; loading.count++)
    libraries[loading.count] = options->extra[loading.count];
  libraries[loading.count++] = options->library;
  uint64_t outer = coexist_container_being_opened, id = record->id;
  coexist_container_being_opened = id;
  int result = coexist_load(&loading, text);
  coexist_container_being_opened = outer;
  record->whole = loading.has_family != 0;
  if (result == 0)
    coexist_core_container_opened(id, (uint64_t)loading.root, (uint64_t)loading.target,
                                  loading.space);
  return result;
}

static const char *unfit(const struct coexist_container_options *options) {
  if (options == NULL || options->library == NULL) return "a container needs a library";
  if (options->extra_count > EXTRA_MAX) return "a container has at most 32 extra libraries";
  if (options->share_count > COEXIST_SHARED_MAX) return "a container shares at most 16 libraries";
  return NULL;
}

COEXIST_CONTAINER_API int coexist_container_open(const struct coexist_container_options *options,
                                                 coexist_container *container, char *error,
                                                 size_t size) {
  char text[CONTAINER_TEXT] = "";
  const char *wrong = container != NULL ? unfit(options) : "a container needs a place for its id";
  if (wrong != NULL) return fail(EINVAL, wrong, error, size);
  *container = 0;
  if (!coexist_ready()) return fail(ENOTSUP, "coexist is switched off", error, size);
  coexist_container_lock();
  uint64_t id = coexist_core_container_begin(short_name(options), options->library,
                                             options->isolation, options->flags,
                                             coexist_spaces_used(), text, sizeof text);
  struct coexist_container_record *record = coexist_core_container_find(id);
  int result = -1;
  if (record != NULL) {
    record->close_timeout_ms = options->close_timeout_ms != 0 ? options->close_timeout_ms : 1000;
    result = load(record, options, text);
    if (result != 0) coexist_scope_remove(id), coexist_core_container_forget(id);
  }
  coexist_container_unlock();
  int refusal = id == UINT64_MAX ? EINVAL : EAGAIN;
  if (result != 0) return fail(record == NULL ? refusal : ENOEXEC, text, error, size);
  coexist_core_loaded();
  *container = id;
  return 0;
}

COEXIST_CONTAINER_API void *coexist_container_handle(coexist_container container) {
  struct coexist_container_record *record = coexist_core_container_find(container);
  return record != NULL ? (void *)record->target : NULL;
}

COEXIST_CONTAINER_API void *coexist_container_lookup(coexist_container container,
                                                     const char *symbol) {
  struct coexist_container_record *record = coexist_core_container_find(container);
  if (record == NULL || record->root == 0) return errno = ESRCH, NULL;
  void *found = coexist_real.dlsym((void *)record->target, symbol);
  return found != NULL ? found : coexist_real.dlsym((void *)record->root, symbol);
}

COEXIST_CONTAINER_API int coexist_container_seal(coexist_container container) {
  if (coexist_core_container_seal(container) == 0) return 0;
  errno = ESRCH;
  return -1;
}

COEXIST_CONTAINER_API int coexist_container_close(coexist_container container, char *error,
                                                  size_t size) {
  char text[CONTAINER_TEXT] = "";
  int code = coexist_container_end(container, text);
  return code == 0 ? 0 : fail(code, text, error, size);
}

COEXIST_CONTAINER_API int coexist_container_list(struct coexist_container_info *list, int max) {
  int count = 0;
  for (uint64_t slot = 0; slot < COEXIST_CONTAINERS_MAX; slot++) {
    const struct coexist_container_record *record = &coexist_state->containers[slot];
    uint64_t id = __atomic_load_n(&record->id, __ATOMIC_ACQUIRE);
    if (id == 0) continue;
    if (count < max) {
      struct coexist_container_info *info = &list[count];
      *info = (struct coexist_container_info){.container = id, .state = record->state,
                                              .threads = record->threads,
                                              .destructors = record->destructors,
                                              .space = (int32_t)record->space};
      memcpy(info->name, record->name, sizeof info->name);
      memcpy(info->library, record->library, sizeof info->library);
    }
    count++;
  }
  return count;
}
