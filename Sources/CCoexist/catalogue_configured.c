// [[runtime]] of the configuration as entries of the catalogue.
#include <ccoexist/catalogue.h>

#include <ccoexist/tables.h>
#include <ccoexist/tls.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// What is given; else what a built-in entry of the name says.
static const char *text(const char *given, const char *known) {
  return given[0] != 0 ? given : known;
}

// An enum's words are stored one higher, so that 0 is "not given".
static uint32_t word(uint32_t given, uint32_t known) { return given != 0 ? given - 1 : known; }

static uint32_t number(uint32_t given, uint32_t known) { return given != 0 ? given : known; }

static void texts(const char **field, size_t room, const char *given, uint32_t count, size_t size) {
  for (uint32_t i = 0; i < room && count > 0; i++) field[i] = i < count ? given + i * size : 0;
}

// Further ones, after those of the built-in entry.
static void more_libraries(const char **field, const struct coexist_definition *given) {
  uint32_t known = 0;
  while (known < COEXIST_CATALOGUE_LIBRARIES && field[known] != 0) known++;
  for (uint32_t i = 0; i < given->libraries_count && known < COEXIST_CATALOGUE_LIBRARIES; i++)
    field[known++] = given->libraries[i];
}

uint32_t coexist_built_in_named(const char *name) {
  for (uint32_t i = 0; i < coexist_built_in_count; i++)
    if (strcmp(coexist_built_in[i]->name, name) == 0) return i;
  return COEXIST_CATALOGUE_NONE;
}

void coexist_catalogue_describe(struct coexist_described *described,
                                const struct coexist_definition *given) {
  struct coexist_catalogue_entry *entry = &described->entry;
  const struct coexist_catalogue_entry *known =
      coexist_built_in_at(coexist_built_in_named(given->name));
  *entry = known != 0 ? *known : (struct coexist_catalogue_entry){.title = given->name};
  entry->is_configured = 1;
  entry->name = given->name;
  more_libraries(entry->libraries, given);
  texts(entry->symbols, COUNT(entry->symbols), given->symbols[0], given->symbols_count,
        sizeof given->symbols[0]);
  texts(entry->bundled, COUNT(entry->bundled), given->bundled[0], given->bundled_count,
        sizeof given->bundled[0]);
#define TEXT(field) entry->field = text(given->field, entry->field)
  TEXT(title), TEXT(note), TEXT(stack), TEXT(source), TEXT(restart);
  TEXT(attach), TEXT(attach_argument), TEXT(share);
#undef TEXT
  if (given->signals != 0) entry->signals = given->signals;
  if (given->private_signals != 0) entry->private_signals = given->private_signals;
  if (given->suspend_signal != 0) entry->suspend_signal = (int32_t)given->suspend_signal;
  entry->claims = word(given->claims, entry->claims);
  entry->passes = word(given->passes, entry->passes);
  entry->previous = word(given->previous, entry->previous);
  entry->flags = number(given->flags, entry->flags);
  entry->loader = number(given->loader, entry->loader);
  entry->steady_threads = number(given->steady_threads, entry->steady_threads);
  entry->tls = number(given->tls, entry->tls);
  if (given->variables_count == 0) return;
  coexist_manifest_read(given->variables, given->variables_count, described->variables,
                        described->symbols);
  entry->variables = described->variables;
}

void coexist_catalogue_configure(void) {
  static struct coexist_described described[COEXIST_DEFINITIONS_MAX];
  coexist_catalogue_count = coexist_built_in_count;
  for (uint32_t i = 0; i < coexist_built_in_count; i++) coexist_catalogue[i] = coexist_built_in[i];
  for (uint32_t i = 0; i < coexist_config.definitions_count; i++) {
    const struct coexist_definition *given = &coexist_config.definitions[i];
    coexist_catalogue_describe(&described[i], given);
    uint32_t index = coexist_built_in_named(given->name);
    if (index == COEXIST_CATALOGUE_NONE) index = coexist_catalogue_count++;
    coexist_catalogue[index] = &described[i].entry;
  }
}
