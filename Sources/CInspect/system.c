// System calls that have no wrapper in the Glibc module.
#include <CInspect.h>

#include <gnu/libc-version.h>
#include <linux/membarrier.h>
#include <sys/xattr.h>
#include <sys/syscall.h>
#include <unistd.h>

int inspect_membarrier_query(void) {
  return (int)syscall(__NR_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
}

int inspect_membarrier_is_expedited(int bits) {
  return bits > 0 && (bits & MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0;
}

// libstdc++ comes with the configuration's reader; without it names stay as they are.
extern char *__cxa_demangle(const char *, char *, size_t *, int *) __attribute__((weak));

char *inspect_demangle(const char *symbol) {
  int status = 0;
  return __cxa_demangle ? __cxa_demangle(symbol, NULL, NULL, &status) : NULL;
}

int inspect_has_capabilities(const char *path) {
  return getxattr(path, "security.capability", NULL, 0) > 0;
}

const char *inspect_libc_version(void) { return gnu_get_libc_version(); }
