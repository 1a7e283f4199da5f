// Preloaded behind libcoexist.so: stands between it and libc, and makes one use of one function
// fail. Only calls that libcoexist.so itself makes count, told by the return address. Its own
// `syscall` instructions are left to the launcher (start.c): a filter on the instruction pointer
// hands them over.
#include "faults.h"

#include <ccoexist/elf.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const char *const names[] = {
#define X(name) #name,
    FAULTS_NAMES
#undef X
};

extern const char *gnu_get_libc_version(void);

static struct faults nothing, *faults = &nothing;
// libcoexist.so first, then its helpers, and liburcu-bp that works for it alone.
static struct { uint64_t low, high; } ours[4];
static const char *const names_of_ours[] = {"/libcoexist.so", "/libcoexist-config.so",
                                            "/libcoexist-container.so", "/liburcu-bp.so"};
static uint64_t entry[FAULTS_COUNT], entry_end[FAULTS_COUNT];  // its function of the same name

// libc's own: dlsym is one of the names.
static void *find(const char *name) {
  struct coexist_object libc = coexist_object_at((uint64_t)gnu_get_libc_version);
  return (void *)coexist_object_symbol(libc.map, name);
}

static int is_in(int n, uint64_t address) {
  return address - ours[n].low < ours[n].high - ours[n].low;
}
static int is_ours(uint64_t address) {
  return is_in(0, address) || is_in(1, address) || is_in(2, address) || is_in(3, address);
}

// pthread_create goes through one function inside; the program's own call is one frame away.
static int is_handed_on(enum faults_name name, uint64_t from, void **frame) {
  if (!is_in(0, from)) return 0;  // the others keep no frame pointer
  uint64_t caller = ((uint64_t *)*frame)[1];
  if (from - entry[name] < entry_end[name] - entry[name]) return !is_ours(caller);
  return name == FAULTS_pthread_create && !is_ours(caller);
}

static int is_due(enum faults_name name, void *from, void **frame) {
  if (!is_ours((uint64_t)from) || is_handed_on(name, (uint64_t)from, frame)) return 0;
  uint64_t use = __atomic_add_fetch(&faults->uses[name], 1, __ATOMIC_RELAXED);
  if (faults->name != name || faults->use != use) return 0;
  faults->where = is_in(0, (uint64_t)from) ? (uint64_t)from - ours[0].low : 1;
  return 1;
}

#define STAND(result, name, parameters, arguments, FAILS)                                     \
  result stand_##name parameters __asm__(#name);       \
  result stand_##name parameters {                                                            \
    static result(*real) parameters;                                                          \
    if (real == NULL) real = (result(*) parameters)find(#name);                               \
    if (is_due(FAULTS_##name, __builtin_return_address(0), __builtin_frame_address(0))) {     \
      int error = (int)faults->error;                                                         \
      FAILS;                                                                                  \
    }                                                                                         \
    return real arguments;                                                                    \
  }
#define E errno = error; return -1
#define P return error
#define N errno = error; return NULL
#define M errno = error; return MAP_FAILED

STAND(int, access, (const char *a, int b), (a, b), E)
STAND(int, close, (int a), (a), real(a); E)
STAND(int, dlclose, (void *a), (a), (void)error; return 1)
// With libc's own words for it (dlerror).
static const char nowhere[] = "/proc/none/no memory";
STAND(void *, dlmopen, (Lmid_t a, const char *b, int c), (a, b, c), errno = error;
      return real(a, nowhere, c))
STAND(void *, dlsym, (void *a, const char *b), (a, b), errno = error; return real(a, nowhere))
STAND(int, dladdr, (const void *a, Dl_info *b), (a, b), (void)error; return 0)
STAND(int, dlinfo, (void *a, int b, void *c), (a, b, c), E)
STAND(int, fstat, (int a, struct stat *b), (a, b), E)
STAND(int, fstatvfs, (int a, struct statvfs *b), (a, b), E)
STAND(int, ftruncate, (int a, off_t b), (a, b), E)
STAND(int, getrlimit, (__rlimit_resource_t a, struct rlimit *b), (a, b), E)
STAND(int, lstat, (const char *a, struct stat *b), (a, b), E)
STAND(int, memfd_create, (const char *a, unsigned b), (a, b), E)
STAND(int, mkdir, (const char *a, mode_t b), (a, b), E)
STAND(void *, mmap, (void *a, size_t b, int c, int d, int e, off_t f), (a, b, c, d, e, f), M)
STAND(int, mprotect, (void *a, size_t b, int c), (a, b, c), E)
STAND(void *, mremap, (void *a, size_t b, size_t c, int d, void *e), (a, b, c, d, e), M)
STAND(int, munmap, (void *a, size_t b), (a, b), E)
STAND(int, on_exit, (void (*a)(int, void *), void *b), (a, b), E)
STAND(int, open, (const char *a, int b, mode_t c), (a, b, c), E)
STAND(int, pthread_create,
      (pthread_t *a, const pthread_attr_t *b, void *(*c)(void *), void *d), (a, b, c, d), P)
STAND(int, pthread_getattr_np, (pthread_t a, pthread_attr_t *b), (a, b), P)
STAND(int, pthread_getattr_default_np, (pthread_attr_t *a), (a), P)
STAND(int, pthread_key_create, (pthread_key_t *a, void (*b)(void *)), (a, b), P)
STAND(int, pthread_setspecific, (pthread_key_t a, const void *b), (a, b), P)
STAND(ssize_t, read, (int a, void *b, size_t c), (a, b, c), E)
STAND(ssize_t, readlink, (const char *a, char *b, size_t c), (a, b, c), E)
STAND(char *, realpath, (const char *a, char *b), (a, b), N)
STAND(int, setitimer, (__itimer_which_t a, const struct itimerval *b, struct itimerval *c),
      (a, b, c), E)
STAND(int, sigaction, (int a, const struct sigaction *b, struct sigaction *c), (a, b, c), E)
STAND(int, sigaltstack, (const stack_t *a, stack_t *b), (a, b), E)
STAND(char *, strdup, (const char *a), (a), N)
STAND(int, timer_create, (clockid_t a, struct sigevent *b, timer_t *c), (a, b, c), E)
STAND(int, unlink, (const char *a), (a), E)
STAND(ssize_t, write, (int a, const void *b, size_t c), (a, b, c), E)
STAND(int, __register_atfork, (void (*a)(void), void (*b)(void), void (*c)(void), void *d),
      (a, b, c, d), P)
STAND(int, __cxa_thread_atexit_impl, (void (*a)(void *), void *b, void *c), (a, b, c), P)

// The loader allocates before anything can be looked up.
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t);
void *malloc(size_t size) {
  if (is_due(FAULTS_malloc, __builtin_return_address(0), __builtin_frame_address(0)))
    return errno = (int)faults->error, NULL;
  return __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
  if (is_due(FAULTS_calloc, __builtin_return_address(0), __builtin_frame_address(0)))
    return errno = (int)faults->error, NULL;
  return __libc_calloc(count, size);
}

static int look(struct dl_phdr_info *info, size_t size, void *unused) {
  (void)size, (void)unused;
  for (int n = 0; n < 4; n++) {
    if (strstr(info->dlpi_name, names_of_ours[n]) == NULL) continue;
    struct coexist_object object = coexist_object_at(info->dlpi_addr);
    ours[n].low = object.low, ours[n].high = object.high;
  }
  return 0;
}

static void find_entries(void) {
  struct coexist_object object = coexist_object_at(ours[0].low);
  for (int name = 0; name < FAULTS_COUNT; name++) {
    ElfW(Sym) *symbol = NULL;
    Dl_info unused;
    entry[name] = coexist_object_symbol(object.map, names[name]);
    if (entry[name] != 0 &&
        dladdr1((void *)entry[name], &unused, (void **)&symbol, RTLD_DL_SYMENT) != 0)
      entry_end[name] = entry[name] + symbol->st_size;
  }
}

// A tail call but for our own helpers: libc looks at who asks.
void *stand_dlopen(const char *, int) __asm__("dlopen");
void *stand_dlopen(const char *file, int mode) {
  static void *(*real)(const char *, int);
  void *from = __builtin_return_address(0);
  if (real == NULL) real = (void *(*)(const char *, int))find("dlopen");
  if (is_due(FAULTS_dlopen, from, __builtin_frame_address(0)))
    return real(nowhere, mode);
  if (!is_ours((uint64_t)from)) return real(file, mode);
  void *library = real(file, mode);
  if (library != NULL) dl_iterate_phdr(look, NULL);
  return library;
}

// What cannot fail, or does not return, would only cost time: these go straight to the kernel.
#define SKIP(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), \
                     BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define FIELD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
static int watch_instructions(void) {
  uint64_t low = ours[0].low, high = ours[0].high;
  uint32_t from = (uint32_t)low, to = (uint32_t)high, above = (uint32_t)(low >> 32);
  struct sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, above, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      FIELD(instruction_pointer),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, from, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, to, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      FIELD(nr),
      SKIP(SYS_rt_sigreturn), SKIP(SYS_exit), SKIP(SYS_exit_group), SKIP(SYS_gettid),
      SKIP(SYS_getpid), SKIP(SYS_sched_yield),
      SKIP(SYS_vfork),           // the program's own call, handed on
      SKIP(SYS_rt_sigprocmask),  // a right call has no error (kernel/signal.c), nor has liburcu
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
  };
  struct sock_fprog filter = {sizeof program / sizeof program[0], program};
  // A mapping over a border of 4 GiB has no one upper half; one start in ten thousand.
  if (low >> 32 != high >> 32 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                      SECCOMP_FILTER_FLAG_NEW_LISTENER |
                          SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
                      &filter);
}

static void hand_over(int listener, int to) {
  char byte = 0, control[CMSG_SPACE(sizeof listener)] = {0};
  struct iovec part = {&byte, 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
                           .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET, header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof listener);
  memcpy(CMSG_DATA(header), &listener, sizeof listener);
  if (sendmsg(to, &message, 0) != 1) _exit(70);
}

__attribute__((constructor(101))) static void begin(void) {
  const char *path = getenv("FAULTS_FILE"), *socket = getenv("FAULTS_SOCKET");
  if (path == NULL) return;
  int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *shared = mmap(NULL, sizeof *faults, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (shared == MAP_FAILED) return;
  dl_iterate_phdr(look, NULL);
  find_entries();
  faults = shared, faults->library = ours[0].low;
  // One listener serves a program and its children; what they exec has other addresses.
  int to = socket != NULL ? atoi(socket) : -1;
  if (ours[0].high == 0 || to < 0 || fcntl(to, F_GETFD, 0) < 0) return;
  int listener = watch_instructions();
  if (listener >= 0) hand_over(listener, to), close(listener);
  close(to);
}
