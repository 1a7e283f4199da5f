#include "border.h"

#include <execinfo.h>
#include <setjmp.h>
#include <signal.h>
#include <stdexcept>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int thrown_inside() {
  try {
    GUEST(void (*)(int), throws)(6);
  } catch (const std::runtime_error &e) {
    return strcmp(e.what(), "guest 6") == 0;
  }
  return 0;
}
static void throw_host() { throw std::runtime_error("host"); }
static int thrown_outside() { return GUEST(int (*)(void (*)()), catches)(throw_host) == 1; }
static int thrown_through() {
  try {
    GUEST(int (*)(void (*)()), passes_through)(throw_host);
  } catch (const std::exception &) {
    return GUEST(int (*)(), was_cleaned)() == 1;
  }
  return 0;
}
static int once() { return GUEST(int (*)(), once)() == 1; }
static int early() { return GUEST(int (*)(), early)(); }
static int destroyed;
static void *with_local(void *) {
  return (void *)(long)GUEST(int (*)(int *), use_local)(&destroyed);
}
static int thread_local_ends() {
  pthread_t id;
  void *value;
  pthread_create(&id, nullptr, with_local, nullptr);
  pthread_join(id, &value);
  return value == (void *)4 && destroyed == 1;
}
static const char *plugin() {
  static char path[4096];
  const char *folder = getenv("PLUGIN");
  return folder ? snprintf(path, sizeof path, "%s", folder), path : "";
}
static int opened(int flags) {
  void *handle = GUEST(void *(*)(const char *, int), open_inside)(plugin(), flags);
  if (!handle) return fprintf(stderr, "%s\n", dlerror()), 0;
  auto run = (int (*)())GUEST(void *(*)(void *, const char *), find_in)(handle, "plugin");
  return run && run() == 2 && guest<int (*)()>("bump_global", another)() == 2;
}
static int opens() { return opened(RTLD_NOW); }
static int opens_global() { return opened(RTLD_NOW | RTLD_GLOBAL); }
static int finds() {
  auto find = GUEST(void *(*)(const char *), find);
  return find("bump_global") == guest<void *>("bump_global") && find("strlen") != nullptr &&
         find("main_only") == nullptr && find("malloc") == (void *)malloc;
}
static int phdrs() { return GUEST(int (*)(), phdrs)() == 1; }
static int handler() {
  GUEST(int (*)(int), handle)(SIGUSR2);
  raise(SIGUSR2);
  return GUEST(int (*)(), handled)() == 1;
}
static int recovers() {
  struct sigaction action = {};
  action.sa_handler = [](int) { _exit(9); };
  sigaction(SIGSEGV, &action, nullptr);
  return GUEST(int (*)(), recovers)() == 1;
}
static int forks() { return GUEST(int (*)(), forks)(); }
static char order[8];
static int at_fork() {
  GUEST(int (*)(char *), at_fork)(order);
  pthread_atfork([] { strcat(order, "h"); }, nullptr, nullptr);
  pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  return strcmp(order, "hg") == 0;
}
static int at_exit() {
  pid_t child = fork();
  int to[2];
  (void)!pipe(to);
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  child = fork();
  if (child == 0) {
    dup2(to[1], 1);
    GUEST(int (*)(), at_exit)();
    exit(0);
  }
  char text[16] = "";
  close(to[1]);
  waitpid(child, nullptr, 0);
  return read(to[0], text, 13) == 13 && strncmp(text, "guest atexit\n", 13) == 0;
}
static int resolves() { return GUEST(int (*)(), resolves)(); }
static int jumps() {
  jmp_buf here;
  int value = setjmp(here);
  if (value == 0) GUEST(int (*)(jmp_buf), leaves_by_jump)(here);
  return value == 7;
}
static int executes() { return GUEST(int (*)(), executes)(); }
static int kills() { return GUEST(int (*)(), kills)(); }
static int one_mask() {
  sigset_t set;
  GUEST(int (*)(int), block)(SIGUSR1);
  pthread_sigmask(SIG_SETMASK, nullptr, &set);
  return sigismember(&set, SIGUSR1) == 1 && GUEST(int (*)(int), blocks)(SIGUSR1) == 1;
}
// From the program through the library to here.
static int frames() {
  void *addresses[32];
  int count = backtrace(addresses, 32), seen = 0;
  for (int i = 0; i < count; i++) {
    Dl_info info;
    if (dladdr(addresses[i], &info) && info.dli_sname && strcmp(info.dli_sname, "calls_back") == 0)
      seen = count - i;
  }
  return seen > 2;
}
static int backtraces() { return GUEST(int (*)(int (*)()), calls_back)(frames) == 2; }
static int command() { return GUEST(int (*)(), command)(); }
static int sorts() {
  return GUEST(int (*)(int (*)(const void *, const void *)), is_sorted)(
      [](const void *a, const void *b) { return *(const int *)a - *(const int *)b; });
}

const Row code_rows[] = {
    {"exception_from_inside", thrown_inside},
    {"exception_from_outside", thrown_outside},
    {"exception_through", thrown_through},
    {"call_once", once},
    {"iostream_in_constructor", early},
    {"thread_local_destructor", thread_local_ends},
    {"dlopen_inside", opens},
    {"dlopen_global_inside", opens_global},
    {"dlsym_default_inside", finds},
    {"dl_iterate_phdr", phdrs},
    {"sigaction", handler},
    {"signal_mask", one_mask},
    {"pthread_kill", kills},
    {"backtrace", backtraces},
    {"fault_recovered_inside", recovers},
    {"fork_inside", forks},
    {"exec_inside", executes},
    {"pthread_atfork", at_fork},
    {"atexit", at_exit},
    {"getaddrinfo_and_nss", resolves},
    {"longjmp_out", jumps},
    {"popen", command},
    {"qsort_callback", sorts},
    {nullptr, nullptr},
};
