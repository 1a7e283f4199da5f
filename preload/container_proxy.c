// What every container shares with the process: for each such library a proxy (ContainerWriter)
// that leads to the one that is loaded already. Made once; later containers map the same memory.
#include "preload.h"

#include <ccoexist/elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "container.h"

// What keeps state for the whole process: libc, the loader, and whoever uses libc's private
// thread-local names (libresolv); the unwinder, so that exceptions cross. libm is code only.
const char *const coexist_family[] = {"libc.so.6",     "ld-linux-x86-64.so.2", "libm.so.6",
                                      "libgcc_s.so.1", "libresolv.so.2",       "libpthread.so.0",
                                      "libdl.so.2",    "librt.so.1",           "libutil.so.1",
                                      "libanl.so.1",   NULL};
_Static_assert(sizeof coexist_family == (FAMILY + 1) * sizeof coexist_family[0], "all counted");
enum { ALWAYS = 2, LOADED_FOR = 5 };  // the rest are glibc's emptied libraries, which may be absent

enum { MADE_MAX = 64 };
static struct {
  char soname[64];
  int scope, forwards;
  const struct link_map *primary;
  char path[COEXIST_MEMORY_PATH];
} made[MADE_MAX];
static unsigned made_count;

static void *open_sibling(const char *name, char *text) {
  Dl_info info;
  char path[4096];
  if (dladdr((void *)coexist_writer, &info) == 0 || info.dli_fname == NULL) return NULL;
  const char *slash = strrchr(info.dli_fname, '/');
  int folder = slash != NULL ? (int)(slash + 1 - info.dli_fname) : 0;
  snprintf(path, sizeof path, "%.*s%s", folder, info.dli_fname, name);
  void *library = coexist_real.dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL)
    snprintf(text, CONTAINER_TEXT, "%.200s cannot be opened; install it, and libelf.so.1, beside "
                                   "libcoexist.so", path);
  return library;
}

const struct writer *coexist_writer(char *text) {
  static struct writer writer;
  if (writer.root != NULL) return &writer;
  void *library = open_sibling("libcoexist-container.so", text);
  if (library == NULL) return NULL;
#define FUNCTION(name) \
  writer.name = (__typeof__(writer.name))coexist_real.dlsym(library, "coexist_writer_" #name)
  FUNCTION(proxy), FUNCTION(examine), FUNCTION(closure), FUNCTION(search), FUNCTION(copy);
  FUNCTION(pinned);
  FUNCTION(root);
#undef FUNCTION
  return &writer;
}

// The number of slashes makes each path a new one: the loader takes an object that it knows by this
// text for the same file, but the numbers of closed files come back.
int coexist_memory_file(const char *name, char path[COEXIST_MEMORY_PATH], char *text) {
  static const char slashes[] = "////////////////////////////////";
  static unsigned serial;
  int fd = memfd_create(name, MFD_CLOEXEC);
  if (fd < 0) return snprintf(text, CONTAINER_TEXT, "memfd_create: %m"), -1;
  int high = fcntl(fd, F_DUPFD_CLOEXEC, COEXIST_MEMORY_FD);
  if (high >= 0) close(fd), fd = high;
  unsigned n = __atomic_fetch_add(&serial, 1, __ATOMIC_RELAXED);
  snprintf(path, COEXIST_MEMORY_PATH, "/proc%.*sself%.*sfd%.*s%d", (int)(1 + n % 32), slashes,
           (int)(1 + n / 32 % 32), slashes, (int)(1 + n / 1024 % 32), slashes, fd);
  return fd;
}

static const struct link_map *primary(const char *soname, int load) {
  int flags = RTLD_LAZY | RTLD_LOCAL | (load ? 0 : RTLD_NOLOAD);
  void *handle = coexist_real.dlopen(soname, flags);  // kept: a proxy must not outlive it
  struct link_map *map = NULL;
  if (handle != NULL) dlinfo(handle, RTLD_DI_LINKMAP, &map);
  return map;
}

static int make(const char *soname, int scope, int is_family, const struct link_map *map,
                char *text) {
  const struct writer *writer = coexist_writer(text);
  if (writer == NULL) return -1;
  int fd = coexist_memory_file(soname, made[made_count].path, text);
  if (fd < 0) return -1;
  struct coexist_forwarding forwarding = coexist_forwarding();
  if (writer->proxy(fd, map, !scope, coexist_substitutes, coexist_substitutes_count,
                    is_family || scope ? NULL : &forwarding, text) != 0)
    return close(fd), -1;
  fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW);
  made[made_count].scope = scope;
  made[made_count].forwards = forwarding.used;
  made[made_count].primary = map;
  snprintf(made[made_count].soname, sizeof made[0].soname, "%s", soname);
  made_count++;
  return 0;
}

static int share_one(const char *soname, int scope, int is_family, int load,
                     struct proxies *proxies, char *text) {
  unsigned i = 0;
  while (i < made_count && (made[i].scope != scope || strcmp(made[i].soname, soname) != 0)) i++;
  if (i == made_count) {
    if (i == MADE_MAX)
      return snprintf(text, CONTAINER_TEXT, "more than %d libraries are shared", MADE_MAX), -1;
    const struct link_map *map = primary(soname, load);
    if (map == NULL && !load) return 0;
    if (map == NULL)
      return snprintf(text, CONTAINER_TEXT, "%s, which is to be shared, cannot be loaded", soname),
             -1;
    if (make(soname, scope, is_family, map, text) != 0) return -1;
  }
  proxies->forwards |= made[i].forwards;
  proxies->sonames[proxies->count] = made[i].soname;
  proxies->paths[proxies->count++] = made[i].path;
  return 0;
}

int coexist_proxies(uint32_t needs, int scope, const char *const *share, unsigned share_count,
                    struct proxies *proxies, char *text) {
  static uint32_t absent;  // asked for once: the answer costs a search
  proxies->count = 0, proxies->forwards = 0;
  for (unsigned i = 0; coexist_family[i] != NULL; i++) {
    unsigned before = proxies->count;
    if ((i >= ALWAYS && !(needs & 1u << i)) || absent & 1u << i) continue;
    if (share_one(coexist_family[i], scope, 1, i < LOADED_FOR, proxies, text) != 0) return -1;
    if (proxies->count == before) absent |= 1u << i;
  }
  for (unsigned i = 0; i < share_count; i++)
    if (share_one(share[i], scope, 0, 1, proxies, text) != 0) return -1;
  return 0;
}

const struct link_map *coexist_proxy_primary(const struct link_map *proxy) {
  for (unsigned i = 0; i < made_count; i++)
    if (strcmp(proxy->l_name, made[i].path) == 0) return made[i].primary;
  return NULL;
}

int coexist_is_proxy(const struct link_map *map) { return coexist_proxy_primary(map) != NULL; }
