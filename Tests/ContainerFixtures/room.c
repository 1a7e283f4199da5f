// room LIBRARY COUNT: opens containers of a library with initial-exec variables until one is
// refused, or COUNT of them; the answer is printed, with how many there were.
#include <coexist_container.h>
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **words) {
  if (count < 3) return 64;
  int wanted = atoi(words[2]), opened = 0;
  char error[400] = "";
  coexist_container container;
  struct coexist_container_options options = {.library = words[1]};
  while (opened < wanted &&
         coexist_container_open(&options, &container, error, sizeof error) == 0) {
    int (*touch)(void) = coexist_container_lookup(container, "touch");
    if (touch != NULL && touch() != 1) return puts("not its own"), 2;
    opened++;
  }
  printf("%d opened. %s\n", opened, error);
  return opened != wanted;
}
