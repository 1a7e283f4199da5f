// broken LIBRARY MODE COUNT [SEED]: opens damaged copies of the library; each must give one clear
// message, and nothing happens to us. MODE: cut (truncated) or header (bytes changed in ELF and
// program header).
#include <coexist_container.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *path, const char *bytes, size_t size) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0700);
  if (fd < 0 || write(fd, bytes, size) != (ssize_t)size) exit(9);
  close(fd);
}

int main(int count, char **words) {
  if (count < 4) return 9;
  struct stat info;
  int fd = open(words[1], O_RDONLY), times = atoi(words[3]), opened = 0;
  fstat(fd, &info);
  size_t size = (size_t)info.st_size;
  char *good = malloc(size), *bad = malloc(size), path[64];
  if (read(fd, good, size) != (ssize_t)size) return 9;
  snprintf(path, sizeof path, "/dev/shm/broken-%d.so", getpid());
  srand(count > 4 ? (unsigned)atoi(words[4]) : 1);
  for (int i = 0; i < times; i++) {
    char error[400] = "";
    coexist_container container;
    struct coexist_container_options options = {.library = path, .flags = (unsigned)i % 2};
    memcpy(bad, good, size);
    size_t length = size;
    if (strcmp(words[2], "cut") == 0) length = size * (size_t)i / (size_t)times;
    else for (int n = 0; n < 1 + i % 4; n++) bad[rand() % (64 + 9 * 56)] = (char)rand();
    put(path, bad, length);
    if (coexist_container_open(&options, &container, error, sizeof error) == 0) {
      opened++;
      if (coexist_container_close(container, error, sizeof error) != 0)
        return printf("%d cannot be closed: %s\n", i, error), 1;
    } else if (strchr(error, ' ') == NULL) {
      return printf("%d: no message\n", i), 1;
    }
    if (getenv("SHOW")) printf("%d: %s\n", i, error), fflush(stdout);
  }
  unlink(path);
  struct coexist_container_options fine = {.library = words[1]};
  coexist_container container;
  char error[400] = "";
  if (coexist_container_open(&fine, &container, error, sizeof error) != 0) return puts(error), 1;
  printf("%d of %d opened\n", opened, times);
  return 0;
}
