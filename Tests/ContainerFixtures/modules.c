// modules LIBRARY GUEST: LIBRARY, which has a thread-local variable, is loaded from so many files
// that no number is left for those of libstdc++ in a container of GUEST, which shares it.
#include <coexist_container.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPIES = 1030 };

int main(int count, char **words) {
  if (count != 3) return 64;
  static char bytes[1 << 20], path[64];
  int file = open(words[1], O_RDONLY);
  ssize_t size = read(file, bytes, sizeof bytes);
  for (int i = 0; i < COPIES; i++) {
    int fd = memfd_create("copy", 0);
    if (size <= 0 || write(fd, bytes, (size_t)size) != size) return 2;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (dlopen(path, RTLD_NOW) == NULL) return puts(dlerror()), 3;
    dup2(file, fd);  // the loader knows files by name: the next must have another
  }
  const char *share[] = {"libstdc++.so.6"};
  struct coexist_container_options options = {
      .library = words[2], .name = "guests", .share = share, .share_count = 1};
  coexist_container container;
  char error[400] = "";
  if (coexist_container_open(&options, &container, error, sizeof error) != 0)
    return puts(error), 4;
  return 0;
}
