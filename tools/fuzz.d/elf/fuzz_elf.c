// libFuzzer harness of what libcoexist-container.so reads: any bytes as a shared library. A refusal
// is one sentence that names the file; what is accepted can be copied, and the copy is accepted.
#include <ccoexist/container_writer.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define REQUIRE(condition)    \
  do {                        \
    if (!(condition)) abort(); \
  } while (0)

static const char *const family[] = {"libc.so.6", "libm.so.6", NULL};

static int file_of(const uint8_t *data, size_t size, char path[64]) {
  int fd = memfd_create("fuzz", MFD_CLOEXEC);
  REQUIRE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
  snprintf(path, 64, "/proc/self/fd/%d", fd);
  return fd;
}

static void check_sentence(const char *error, const char *path) {
  size_t length = strnlen(error, COEXIST_WRITER_ERROR_MAX);
  REQUIRE(length > 0 && length < COEXIST_WRITER_ERROR_MAX);
  REQUIRE(strncmp(error, path, strlen(path)) == 0);
}

static int found(const char *path, const char *name, void *count) {
  REQUIRE(path[0] != 0 && name[0] != 0);
  return ++*(unsigned *)count > 1000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char path[64], copy_path[64], error[COEXIST_WRITER_ERROR_MAX] = "";
  const char *folders[] = {"/nowhere"};
  struct coexist_search search = {folders, 1, 1};
  struct coexist_elf_facts facts, again;
  unsigned count = 0;
  uint64_t tls = 0;
  int fd = file_of(data, size, path), copy = file_of(NULL, 0, copy_path);
  if (coexist_writer_examine(path, family, &facts, error) != 0) {
    check_sentence(error, path);
  } else if (coexist_writer_closure(path, family, 2, &search, found, &count, &tls, error) == 0) {
    REQUIRE(count > 0);
    struct coexist_rename rename = {"libm.so.6", "~1bm.so.6"};
    REQUIRE(coexist_writer_copy(copy, path, &rename, 1, error) == 0);
    REQUIRE(coexist_writer_examine(copy_path, family, &again, error) == 0);
    REQUIRE(again.unique == 0 && again.no_delete == 0 && again.tls_size == facts.tls_size);
  }
  close(fd), close(copy);
  return 0;
}
