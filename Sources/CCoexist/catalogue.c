// The catalogue: every data file of catalogue/, and who in it knows a library.
#include <ccoexist/catalogue.h>
#include <signal.h>

#define COEXIST_RUNTIME(id, ...) \
  static const struct coexist_catalogue_entry runtime_##id = {__VA_ARGS__};
#include "catalogue/all.h"
#undef COEXIST_RUNTIME

#define COEXIST_RUNTIME(id, ...) +1
enum {
  BUILT_IN =
#include "catalogue/all.h"
};
#undef COEXIST_RUNTIME

#define COEXIST_RUNTIME(id, ...) &runtime_##id,
const struct coexist_catalogue_entry *const coexist_built_in[] = {
#include "catalogue/all.h"
};
const uint32_t coexist_built_in_count = BUILT_IN;

const struct coexist_catalogue_entry *coexist_catalogue[BUILT_IN + COEXIST_DEFINITIONS_MAX] = {
#include "catalogue/all.h"
};
uint32_t coexist_catalogue_count = BUILT_IN;
#undef COEXIST_RUNTIME

static int listed(const struct coexist_catalogue_entry *entry, const char *name) COEXIST_SIGSAFE {
  for (int i = 0; i < COEXIST_CATALOGUE_LIBRARIES && entry->libraries[i] != 0; i++)
    if (coexist_text_matches(name, entry->libraries[i])) return i + 1;
  return 0;
}

int coexist_catalogue_is_main(const struct coexist_catalogue_entry *entry,
                              const char *name) COEXIST_SIGSAFE {
  return listed(entry, name) == 1;
}

static int marked(const struct coexist_catalogue_entry *entry,
                  struct coexist_object object) COEXIST_SIGSAFE {
  for (int i = 0; i < COEXIST_CATALOGUE_SYMBOLS && entry->symbols[i] != 0; i++)
    if (coexist_object_symbol(object.map, entry->symbols[i]) != 0) return 1;
  return entry->note != 0 && coexist_object_has_note(object.low, entry->note);
}

// A library's name says more than what it exports, and the user knows better than we do.
uint32_t coexist_catalogue_recognise(struct coexist_object object,
                                     const char *name) COEXIST_SIGSAFE {
  for (int by_name = 1; by_name >= 0; by_name--)
    for (int configured = 1; configured >= 0; configured--)
      for (uint32_t i = 0; i < coexist_catalogue_count; i++) {
        const struct coexist_catalogue_entry *entry = coexist_catalogue[i];
        if ((entry->is_configured != 0) != configured) continue;
        if (by_name ? listed(entry, name) : marked(entry, object)) return i;
      }
  return COEXIST_CATALOGUE_NONE;
}

int coexist_catalogue_is_own_instance(uint32_t index, const char *name) COEXIST_SIGSAFE {
  const struct coexist_catalogue_entry *entry = coexist_catalogue_at(index);
  return (entry->flags & COEXIST_EACH_MODULE) != 0 || listed(entry, name) < 2;
}

uint32_t coexist_catalogue_loader(const char *name) COEXIST_SIGSAFE {
  for (uint32_t i = 0; i < coexist_catalogue_count; i++)
    if (coexist_catalogue[i]->loader != 0 && listed(coexist_catalogue[i], name))
      return coexist_catalogue[i]->loader;
  return 0;
}

const struct coexist_manifest_entry *coexist_catalogue_variables(const char *name) {
  for (uint32_t i = 0; i < coexist_catalogue_count; i++)
    if (coexist_catalogue[i]->variables != 0 &&
        coexist_catalogue_is_main(coexist_catalogue[i], name))
      return coexist_catalogue[i]->variables;
  return 0;
}

const char *coexist_catalogue_share(const char *runtime) {
  for (uint32_t i = 0; i < coexist_catalogue_count; i++)
    if (coexist_text_equal(coexist_catalogue[i]->name, runtime)) return coexist_catalogue[i]->share;
  return 0;
}

const char *const *coexist_catalogue_bundled(const char *name) COEXIST_SIGSAFE {
  for (uint32_t i = 0; i < coexist_catalogue_count; i++)
    if (coexist_catalogue[i]->bundled[0] != 0 && listed(coexist_catalogue[i], name))
      return coexist_catalogue[i]->bundled;
  return 0;
}
