// Our own variables: what a mistyped one, or one with a value that means nothing, is told.
#include "preload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "start.h"

extern char **environ;

// The same as the manual's (Sources/InspectKit/Manual); a test compares them.
static const char *const names[] = {
    "COEXIST_CONFIG", "COEXIST_OPTIONS", "COEXIST_LOG",     "COEXIST_LOG_FILE",
    "COEXIST_STATE",  "COEXIST_DISABLE", "COEXIST_LIBRARY", "COEXIST_LOG_FORMAT",
};

// One letter more, less or other, or two exchanged: what is further off may be somebody else's, as
// the variables of a build are.
static int is_near(const char *a, size_t length, const char *b) {
  size_t other = strlen(b), front = 0, back = 0;
  size_t shorter = length < other ? length : other;
  while (front < shorter && a[front] == b[front]) front++;
  while (back < shorter - front && a[length - 1 - back] == b[other - 1 - back]) back++;
  size_t left = length - front - back, right = other - front - back;
  return (left <= 1 && right <= 1) ||
         (left == 2 && right == 2 && a[front] == b[front + 1] && a[front + 1] == b[front]);
}

static void look_at(const char *variable) {
  size_t length = strcspn(variable, "=");
  const char *meant = NULL;
  for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (strncmp(variable, names[i], length) == 0 && names[i][length] == 0) return;
    if (is_near(variable, length, names[i])) meant = names[i];
  }
  if (meant != NULL)
    coexist_log(COEXIST_LOG_WARN, "warning[L013]: %.*s is no variable of coexist; did you mean %s? "
                                  "(ignored)", (int)length, variable, meant);
}

void coexist_environment_check(void) {
  for (char **variable = environ; variable != NULL && *variable != NULL; variable++)
    if (strncmp(*variable, "COEXIST_", 8) == 0) look_at(*variable);
}

int coexist_environment_choice(const char *name, const char *const *choices, unsigned count) {
  const char *value = getenv(name);
  if (value == NULL || value[0] == 0) return -1;
  char all[64] = "";
  for (unsigned i = 0; i < count; i++) {
    if (strcmp(value, choices[i]) == 0) return (int)i;
    snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i > 0 ? ", " : "", choices[i]);
  }
  coexist_log(COEXIST_LOG_WARN, "warning[L014]: %s is '%.40s'; it must be one of %s (ignored)",
              name, value, all);
  return -1;
}
