// asks WHAT LIBRARY FLAGS ISOLATION: containers of libraries that cannot be had, or not as asked:
// one clear message, and the host and its next container are as if nobody had asked.
#include <coexist_container.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct coexist_container_options options;
static coexist_container container;
static char error[400];

static int opens(void) {
  error[0] = 0;
  return coexist_container_open(&options, &container, error, sizeof error) == 0;
}
static int closes(void) { return coexist_container_close(container, error, sizeof error) == 0; }

static int descriptors(void) {
  int count = 0;
  DIR *folder = opendir("/proc/self/fd");
  while (readdir(folder)) count++;
  closedir(folder);
  return count;
}

// What is told names both: the library that was asked for or has the need, and what it lacks.
static int refused(const char *lacks) {
  opens();  // what is made once a process is made
  int before = descriptors();
  for (int i = 0; i < 20; i++)
    if (opens() || strstr(error, lacks) == NULL || strstr(error, "libasks") == NULL) return 0;
  struct coexist_container_info info;
  options.library = "libz.so.1";
  return coexist_container_list(&info, 1) == 0 && descriptors() == before && opens() && closes();
}

static int cycle(void) {
  for (int i = 0; i < 20; i++) {
    if (!opens()) return 0;
    int (*down)(int) = coexist_container_lookup(container, "down");
    if (down == NULL || down(9) != 9 || !closes()) return 0;
  }
  return 1;
}

static int flags(void) {
  options.flags |= 64;
  if (opens() || errno != EINVAL || strstr(error, "no such flag") == NULL) return 0;
  options.flags = 0, options.isolation = 7;
  return !opens() && strstr(error, "no such isolation") != NULL;
}

static int child(void) {
  if (!opens()) return 0;
  coexist_container inherited = container;
  pid_t id = fork();
  if (id == 0) {
    int (*down)(int) = coexist_container_lookup(inherited, "down");
    int good = down != NULL && down(5) == 5 && opens() && closes();
    container = inherited;
    _exit(good && closes() && coexist_container_lookup(inherited, "down") == NULL ? 0 : 1);
  }
  int status;
  waitpid(id, &status, 0);
  int (*down)(int) = coexist_container_lookup(inherited, "down");
  return status == 0 && down != NULL && down(5) == 5 && closes();
}

// RTLD_NODELETE: it stays, and dlclose says that all is well, as ever. RTLD_GLOBAL: not seen
// outside, and told.
static int dlopen_flags(const char *library) {
  coexist_container_match("libasks*", &options);
  void *handle = dlopen(library, RTLD_NOW | RTLD_NODELETE | RTLD_GLOBAL);
  if (handle == NULL || dlsym(RTLD_DEFAULT, "down") != NULL) return 0;
  int (*down)(int) = (int (*)(int))dlsym(handle, "down");
  return down != NULL && dlclose(handle) == 0 && down(3) == 3;
}

int main(int count, char **words) {
  if (count < 5) return 64;
  options.library = words[2];
  options.flags = (unsigned)atoi(words[3]), options.isolation = (unsigned)atoi(words[4]);
  const char *what = words[1];
  int good = strcmp(what, "missing") == 0     ? refused("libasks_absent.so")
             : strcmp(what, "undefined") == 0 ? refused("not_anywhere")
             : strcmp(what, "cycle") == 0     ? cycle()
             : strcmp(what, "child") == 0     ? child()
             : strcmp(what, "flags") == 0     ? flags()
                                              : dlopen_flags(words[2]);
  if (!good) printf("%s %s\n", what, error);
  return !good;
}
