// held LIBRARY: a container whose library has opened another one is closed when one descriptor is
// free: the object that would hold both is made, and the loader cannot open it.
#include <coexist_container.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int count, char **words) {
  if (count != 2) return 64;
  struct coexist_container_options options = {.library = words[1], .name = "guests"};
  coexist_container container;
  char error[400] = "";
  if (coexist_container_open(&options, &container, error, sizeof error) != 0)
    return puts(error), 1;
  int (*open_another)(void) = coexist_container_lookup(container, "open_another");
  if (open_another == NULL || !open_another()) return 2;
  int next = open("/dev/null", O_RDONLY);
  struct rlimit limit = {(rlim_t)next + 1, (rlim_t)next + 1};
  close(next);
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return 3;
  if (coexist_container_close(container, error, sizeof error) != 0) puts(error);
  return 0;
}
