// sixteen LIBRARY SYMBOL: fifteen containers with default tunables, then one clear refusal; scopes
// for the rest, each with its own copy; then room again.
#include <coexist_container.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

int main(int count, char **words) {
  struct coexist_container_options options = {.library = count > 1 ? words[1] : ""};
  coexist_container container, last = 0;
  char error[400] = "";
  int opened = 0;
  while (coexist_container_open(&options, &container, error, sizeof error) == 0)
    last = container, opened++;
  printf("%d opened, then: %s\n", opened, error);
  if (opened != 15 || strstr(error, "15 namespaces") == NULL) return 1;
  options.isolation = COEXIST_CONTAINER_SCOPE;
  void *copies[24];
  for (int i = 0; i < 24; i++) {
    if (coexist_container_open(&options, &container, error, sizeof error) != 0)
      return printf("scope %d: %s\n", i, error), 2;
    copies[i] = coexist_container_lookup(container, words[2]);
    for (int n = 0; n < i; n++)
      if (copies[i] == NULL || copies[n] == copies[i]) return puts("the same copy"), 4;
  }
  options.isolation = COEXIST_CONTAINER_NAMESPACE;
  if (coexist_container_close(last, error, sizeof error) != 0 ||
      coexist_container_open(&options, &last, error, sizeof error) != 0 ||
      coexist_container_close(last, error, sizeof error) != 0)
    return puts(error), 3;
  // A namespace that the program makes itself counts as well.
  void *own = dlmopen(LM_ID_NEWLM, words[1], RTLD_NOW);
  if (own == NULL) return puts(dlerror()), 5;
  return coexist_container_open(&options, &container, error, sizeof error) == 0 ||
         strstr(error, "15 namespaces") == NULL;
}
