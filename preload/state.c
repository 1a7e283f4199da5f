// The state file: where other processes see us. Without one the state stays private and everything
// else works the same.
#include "preload.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "start.h"

static char path[512];
static pid_t owner;

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// Field 22 of /proc/PID/stat; the name in field 2 may hold spaces and parentheses.
static uint64_t start_ticks(void) {
  char text[1024];
  int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  text[length > 0 ? length : 0] = 0;
  char *field = strrchr(text, ')');
  for (int i = 2; field != NULL && i < 22; i++) field = strchr(field + 1, ' ');
  return field != NULL ? strtoull(field, NULL, 10) : 0;
}

static void identify(struct coexist_state *state) {
  state->pid = (uint64_t)getpid();
  state->start_ticks = start_ticks();
  state->started_ns = now();
  struct stat space;
  state->pid_space = stat("/proc/self/ns/pid", &space) == 0 ? space.st_ino : 0;
}

static void fill(struct coexist_state *state) {
  state->version = COEXIST_STATE_VERSION;
  state->size = sizeof *state;
  strncpy(state->library_version, COEXIST_VERSION, sizeof state->library_version - 1);
  identify(state);
  state->uid = getuid();
  ssize_t length = readlink("/proc/self/exe", state->program, sizeof state->program - 1);
  state->program[length > 0 ? length : 0] = 0;
  struct coexist_settings *settings = &state->settings;
  settings->mode = coexist_config.mode;
  settings->keys = coexist_config.keys;
  settings->problems = coexist_config.problems;
  settings->rules = coexist_config.rules_count;
  strncpy(settings->path, coexist_config.source, sizeof settings->path - 1);
  const char *options = getenv("COEXIST_OPTIONS");
  if (options != NULL) strncpy(settings->options, options, sizeof settings->options - 1);
  __atomic_store_n(&state->magic, COEXIST_STATE_MAGIC, __ATOMIC_RELEASE);
}

// A folder that only we can write to; somebody else's is not used.
static int private_folder(char *file) {
  char *slash = strrchr(file, '/');
  if (slash == NULL || slash == file) return 0;
  *slash = 0;
  struct stat info;
  if (lstat(file, &info) != 0) {
    char *parent = strrchr(file, '/');
    if (parent != NULL && parent != file) {  // coexist-UID itself may be missing as well
      *parent = 0;
      mkdir(file, 0700);
      *parent = '/';
    }
    mkdir(file, 0700);
    if (lstat(file, &info) != 0) info.st_mode = 0;
  }
  int good = S_ISDIR(info.st_mode) && info.st_uid == geteuid() && (info.st_mode & 022) == 0;
  *slash = '/';
  return good;
}

// Growing a file past RLIMIT_FSIZE would send us SIGXFSZ (setrlimit(2)).
static int may_grow(void) {
  struct rlimit limit;
  return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur >= sizeof(struct coexist_state);
}

// Writing to a mapped page for which the file system has no room would send us SIGBUS (mmap(2)).
static int has_room(int fd) {
  enum { SPARE = 8 };  // others may take some of it meanwhile
  struct statvfs system;
  return fstatvfs(fd, &system) == 0 &&
         system.f_bavail >= SPARE * (sizeof(struct coexist_state) / system.f_frsize + 1);
}

static struct coexist_state *map_file(void) {
  const char *template = getenv("COEXIST_STATE");
  coexist_expand(path, sizeof path, template != NULL ? template : coexist_config.state_path);
  if (!may_grow() || !private_folder(path)) return NULL;
  enum { FLAGS = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW };
  int fd = open(path, FLAGS, 0600);
  if (fd < 0 && errno == EEXIST) unlink(path), fd = open(path, FLAGS, 0600);
  if (fd < 0) return NULL;
  void *memory = MAP_FAILED;
  if (has_room(fd) && ftruncate(fd, sizeof(struct coexist_state)) == 0)
    memory = coexist_real.mmap(NULL, sizeof(struct coexist_state), PROT_READ | PROT_WRITE,
                               MAP_SHARED, fd, 0);
  close(fd);
  if (memory == MAP_FAILED) {
    unlink(path);
    return NULL;
  }
  return memory;
}

void coexist_state_open(void) {
  // Untouched until a crash: then the state goes here, because shared file mappings are not dumped.
  void *copy = coexist_real.mmap(NULL, sizeof(struct coexist_state), PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  coexist_core_copy = copy == MAP_FAILED ? NULL : copy;
  if (coexist_config.publish) {
    struct coexist_state *state = map_file();
    if (state != NULL) coexist_state = state, owner = getpid();
    else coexist_log(COEXIST_LOG_INFO, "warning[L020]: no state file at %s; coexist-inspect will "
                                       "not see this process", path);
  }
  fill(coexist_state);
  if (owner != 0) coexist_prune(path, coexist_state->pid_space);
}

static int has_conflict(void) {
  for (int i = 1; i < COEXIST_SIGNALS_MAX; i++)
    if (coexist_state->signals[i].installed == COEXIST_INSTALLED_DISPATCHER) return 1;
  return 0;
}

// What a child goes on with: who is who and who asks for what, not the parent's history.
static void inherit(struct coexist_state *to, const struct coexist_state *from) {
  uint64_t actions = coexist_words[COEXIST_WORD_NEXT_ACTION] + 1;
  if (actions > COEXIST_ACTIONS_MAX) actions = COEXIST_ACTIONS_MAX;
  memcpy(to, from, offsetof(struct coexist_state, actions) + actions * sizeof to->actions[0]);
  uint64_t table = from->region_table % COEXIST_REGION_TABLES;
  size_t used = from->regions[table].count * sizeof from->regions[0].regions[0];
  memcpy(&to->regions[table], &from->regions[table],
         offsetof(struct coexist_region_table, regions) + used);
  to->containers_used = from->containers_used, to->containers_opened = from->containers_opened;
  if (from->containers_used != 0)
    memcpy(to->containers, from->containers, sizeof to->containers),
        memcpy(to->container_objects, from->container_objects, sizeof to->container_objects);
  // The child's contexts go on with the modules that they have blocks of.
  uint64_t modules = from->tls.modules_count % (COEXIST_TLS_MODULES_MAX + 1);
  memcpy(&to->tls, &from->tls,
         offsetof(struct coexist_tls_state, modules) + modules * sizeof from->tls.modules[0]);
  uint64_t lines = from->contexts.lines_used;
  if (lines > COEXIST_CONTEXT_LINES_MAX) lines = COEXIST_CONTEXT_LINES_MAX;
  memcpy(&to->contexts, &from->contexts,
         offsetof(struct coexist_contexts_state, lines) + lines * sizeof from->contexts.lines[0]);
}

// In the parent, before fork: its file changes while the child copies, private memory does not.
// Taken again when another thread has changed a request meanwhile.
static struct coexist_state snapshot;
void coexist_state_before_fork(void) {
  if (owner == 0) return;
  enum { ATTEMPTS = 100 };
  for (int i = 0; i < ATTEMPTS; i++) {
    uint64_t before = __atomic_load_n(&coexist_state->generation, __ATOMIC_ACQUIRE);
    inherit(&snapshot, coexist_state);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (__atomic_load_n(&coexist_state->generation, __ATOMIC_RELAXED) == before) return;
  }
}

// The child of fork must not write into its parent's file. It gets a copy at the same address: a
// file of its own if runtimes compete in it, else private memory (most children exec or exit at
// once).
void coexist_state_fork(void) {
  if (owner == 0) {  // private already, in the parent as here
    identify(coexist_state);
    return;
  }
  struct coexist_state *copy = has_conflict() ? map_file() : NULL;
  owner = copy != NULL ? getpid() : 0;
  if (copy == NULL) {
    void *memory = coexist_real.mmap(NULL, sizeof *copy, PROT_READ | PROT_WRITE,
                                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    // No memory: what is kept for a core file. The parent's tables must not be ours, too.
    if (memory == MAP_FAILED) memory = coexist_core_copy, coexist_core_copy = NULL;
    if (memory == NULL) return;
    copy = memory;
  }
  inherit(copy, &snapshot);
  enum { MOVE = MREMAP_MAYMOVE | MREMAP_FIXED };
  if (coexist_real.mremap(copy, sizeof *copy, sizeof *copy, MOVE, coexist_state) == MAP_FAILED)
    coexist_state = copy;
  identify(coexist_state);
}

void coexist_state_close(void) {
  if (owner == getpid()) unlink(path);
}
