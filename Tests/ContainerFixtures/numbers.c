// numbers dlmopen|namespace|scope GUEST: two copies of one library want one signal number, which
// each uses in every way (guests/numbers.c).
#include <coexist_container.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "guests/numbers_pairs.h"

static struct numbers *copy(const char *how, const char *guest) {
  char error[400] = "";
  void *handle = NULL;
  coexist_container container;
  struct coexist_container_options options = {.library = guest};
  if (strcmp(how, "scope") == 0) options.isolation = COEXIST_CONTAINER_SCOPE;
  if (strcmp(how, "dlmopen") == 0)
    handle = dlmopen(LM_ID_NEWLM, guest, RTLD_NOW);
  else if (coexist_container_open(&options, &container, error, sizeof error) == 0)
    handle = coexist_container_handle(container);
  struct numbers *(*get)(void) =
      handle != NULL ? (struct numbers * (*)(void)) dlsym(handle, "numbers") : NULL;
  if (get == NULL) fprintf(stderr, "%s\n", error), exit(64);
  return get();
}

int main(int count, char **words) {
  if (count != 3) return 64;
  struct numbers *one = copy(words[1], words[2]), *two = copy(words[1], words[2]);
  if (one == two) return 64;
  return numbers_pairs(one, two, SIGRTMIN + 5) + numbers_pairs(one, two, SIGUSR1) != 0;
}
