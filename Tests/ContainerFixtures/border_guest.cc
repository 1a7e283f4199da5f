// The library inside: each function is what one row of border.cc asks of it.
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
#include <link.h>
#include <locale.h>
#include <netdb.h>
#include <pthread.h>
#include <pwd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#define GUEST extern "C" __attribute__((visibility("default")))

int guest_global = 1;
__thread int guest_gd = 1;
__thread int guest_ie __attribute__((tls_model("initial-exec"))) = 1;
static __thread int guest_ld __attribute__((tls_model("local-dynamic"))) = 1;
static std::string made_early = (std::ostringstream() << "early " << 7).str();

GUEST int bump_global() { return ++guest_global; }
GUEST int bump_gd() { return ++guest_gd; }
GUEST int bump_ie() { return ++guest_ie; }
GUEST int bump_ld() { return ++guest_ld; }
GUEST int is_alpha(int c) { return isalpha(c) != 0 && toupper('q') == 'Q'; }
GUEST void *is_alpha_thread(void *) { return (void *)(long)is_alpha('x'); }
GUEST int start(pthread_t *id, void *(*run)(void *), void *argument) {
  return pthread_create(id, nullptr, run, argument);
}
GUEST int join(pthread_t id, void **result) { return pthread_join(id, result); }
static void *forever(void *) {
  for (;;) pause();
}
GUEST int cancel() {
  pthread_t id;
  void *result;
  return pthread_create(&id, nullptr, forever, nullptr) == 0 && pthread_cancel(id) == 0 &&
         pthread_join(id, &result) == 0 && result == PTHREAD_CANCELED;
}
static void *leave(void *) { pthread_exit((void *)5); }
GUEST int exits() {
  pthread_t id;
  void *result;
  return pthread_create(&id, nullptr, leave, nullptr) == 0 && pthread_join(id, &result) == 0 &&
         result == (void *)5;
}
GUEST int std_thread() {
  int got = 0;
  std::thread([&] { got = isalpha('a') ? 3 : 0; }).join();
  return got;
}
GUEST int lock(pthread_mutex_t *mutex) { return pthread_mutex_lock(mutex); }
GUEST int unlock(pthread_mutex_t *mutex) { return pthread_mutex_unlock(mutex); }
GUEST int wait_for(pthread_cond_t *condition, pthread_mutex_t *mutex) {
  return pthread_cond_wait(condition, mutex);
}
GUEST void *allocate(size_t size) { return malloc(size); }
GUEST void *resize(void *memory, size_t size) { return realloc(memory, size); }
GUEST void release(void *memory) { free(memory); }
GUEST int print_to(FILE *file, const char *text) { return fprintf(file, "%s", text); }
GUEST FILE *standard_output() { return stdout; }
GUEST void say(const char *text) { printf("%s", text); }
GUEST void say_stream(const char *text) { std::cout << text << std::flush; }
GUEST void set_errno(int value) { errno = value; }
GUEST int get_errno() { return errno; }
GUEST const char *set_locale(const char *name) { return setlocale(LC_ALL, name); }
GUEST int set_variable(const char *name, const char *value) { return setenv(name, value, 1); }
GUEST const char *variable(const char *name) { return getenv(name); }
GUEST int make_key(pthread_key_t *key, void (*end)(void *)) { return pthread_key_create(key, end); }
GUEST int set_key(pthread_key_t key, void *value) { return pthread_setspecific(key, value); }
GUEST void throws(int value) { throw std::runtime_error("guest " + std::to_string(value)); }
GUEST int catches(void (*run)()) {
  try {
    run();
  } catch (const std::exception &e) {
    return strcmp(e.what(), "host") == 0 ? 1 : -1;
  }
  return 0;
}
static int cleaned;
struct Cleaner {
  ~Cleaner() { cleaned++; }
};
GUEST int passes_through(void (*run)()) {
  Cleaner cleaner;
  run();
  return 0;
}
GUEST int was_cleaned() { return cleaned; }
static std::once_flag flag;
GUEST int once() {
  static int ran;
  for (int i = 0; i < 3; i++) std::call_once(flag, [] { ran++; });
  return ran;
}
GUEST int early() { return made_early == "early 7"; }
static int *destroyed;
struct Local {
  int value = 4;
  ~Local() { ++*destroyed; }
};
static thread_local Local local;
GUEST int use_local(int *counter) {
  destroyed = counter;
  return local.value;
}
GUEST void *open_inside(const char *path, int flags) { return dlopen(path, flags); }
GUEST void *find(const char *name) { return dlsym(RTLD_DEFAULT, name); }
GUEST void *find_in(void *handle, const char *name) { return dlsym(handle, name); }
static int seen(struct dl_phdr_info *info, size_t, void *count) {
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) &segment = info->dlpi_phdr[i];
    ElfW(Addr) low = info->dlpi_addr + segment.p_vaddr, here = (ElfW(Addr))seen;
    *(int *)count += segment.p_type == PT_LOAD && here >= low && here < low + segment.p_memsz;
  }
  return 0;
}
GUEST int phdrs() {
  int count = 0;
  dl_iterate_phdr(seen, &count);
  return count;
}
static volatile int caught;
static void note(int) { caught++; }
GUEST int handle(int signal) {
  struct sigaction action = {};
  action.sa_handler = note;
  return sigaction(signal, &action, nullptr);
}
GUEST int handled() { return caught; }
static sigjmp_buf back;
static void jump(int) { siglongjmp(back, 1); }
GUEST int recovers() {
  struct sigaction action = {}, old;
  action.sa_handler = jump;
  action.sa_flags = SA_NODEFER;
  sigaction(SIGSEGV, &action, &old);
  int times = 0;
  if (sigsetjmp(back, 1) == 0) *(volatile int *)8 = 1;
  else times++;
  sigaction(SIGSEGV, &old, nullptr);
  return times;
}
GUEST int forks() {
  pid_t child = fork();
  if (child == 0) {
    pthread_t id;
    void *result = nullptr;
    pthread_create(&id, nullptr, is_alpha_thread, nullptr);
    pthread_join(id, &result);
    _exit(result == (void *)1 ? 42 : 1);
  }
  int status;
  return waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 42;
}
static char *order;
static void prepare() { strcat(order, "g"); }
GUEST int at_fork(char *text) {
  order = text;
  return pthread_atfork(prepare, nullptr, nullptr);
}
static void last() { (void)!write(1, "guest atexit\n", 13); }
GUEST int at_exit() { return atexit(last); }
GUEST int resolves() {
  addrinfo hints = {}, *list = nullptr;
  hints.ai_flags = AI_NUMERICHOST;
  int good = getaddrinfo("127.0.0.1", "80", &hints, &list) == 0 && getpwuid(0) != nullptr &&
             strcmp(getpwuid(0)->pw_name, "root") == 0 && getgrgid(0) != nullptr;
  if (list) freeaddrinfo(list);
  return good;
}
GUEST int leaves_by_jump(jmp_buf to) { longjmp(to, 7); }
GUEST locale_t thread_locale() { return uselocale(nullptr); }
GUEST int calls_back(int (*run)()) { return run() + 1; }
GUEST int blocks(int signal) {
  sigset_t set;
  return pthread_sigmask(SIG_SETMASK, nullptr, &set) == 0 && sigismember(&set, signal);
}
GUEST int block(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  return pthread_sigmask(SIG_BLOCK, &set, nullptr);
}
GUEST int kills() {
  pthread_t id;
  handle(SIGUSR1);
  pthread_create(&id, nullptr, forever, nullptr);
  pthread_kill(id, SIGUSR1);
  while (!__atomic_load_n(&caught, __ATOMIC_ACQUIRE)) usleep(100);
  return pthread_cancel(id) == 0 && pthread_join(id, nullptr) == 0;
}
GUEST int executes() {
  pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", "exit 43", nullptr);
    _exit(1);
  }
  int status;
  return waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 43;
}
GUEST int command() {
  char text[16] = "";
  FILE *pipe = popen("echo inside", "r");
  if (!pipe || !fgets(text, sizeof text, pipe)) return 0;
  return pclose(pipe) == 0 && strcmp(text, "inside\n") == 0;
}
GUEST int change_user() { return setuid(getuid()) == 0 && setgid(getgid()) == 0; }
GUEST long token(char *text) { return strtok(text, " ") != nullptr; }
GUEST int is_sorted(int (*compare)(const void *, const void *)) {
  int list[] = {3, 1, 2};
  qsort(list, 3, sizeof *list, compare);
  return list[0] == 1 && list[2] == 3;
}
GUEST pthread_t self() { return pthread_self(); }
GUEST unsigned next_random() { return (unsigned)rand(); }
