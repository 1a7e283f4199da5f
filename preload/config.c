// Finds and reads the configuration. The reader (toml++) is a library of its own, opened only when
// there is a file or COEXIST_OPTIONS, and closed again: a process without one does not pay for it.
#include "preload.h"

#include <ccoexist/config_reader.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "start.h"

static void defaults(void) {
  coexist_config.mode = COEXIST_MODE_ENFORCE;
  coexist_config.log_level = COEXIST_LOG_WARN;
  coexist_config.publish = 1;
  coexist_config.altstack_min_kib = 0;
  strcpy(coexist_config.log_file, "stderr");
  const char *run = getenv("XDG_RUNTIME_DIR");
  strcpy(coexist_config.state_path, run != NULL && run[0] == '/' ? "%r/coexist/%p.state"
                                                                  : "%r/%p.state");
}

// ux.md §4.4: named by COEXIST_CONFIG, in the directory of the start, the user's, the machine's.
static int open_file(char *path, size_t size, int *named) {
  const char *config = getenv("COEXIST_CONFIG");
  *named = config != NULL && config[0] != 0;
  if (*named) {
    if (strcmp(config, "none") == 0) return -1;
    snprintf(path, size, "%s", config);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
      coexist_log(COEXIST_LOG_ERROR, "error[L011]: %s (COEXIST_CONFIG) cannot be read: %m; going "
                                     "on with the defaults", path);
    return fd;
  }
  const char *home = getenv("HOME"), *user = getenv("XDG_CONFIG_HOME");
  for (int place = 0; place < 3; place++) {
    if (place == 0) snprintf(path, size, "coexist-config.toml");
    else if (place == 1 && user != NULL)
      snprintf(path, size, "%s/coexist/coexist-config.toml", user);
    else if (place == 1 && home != NULL)
      snprintf(path, size, "%s/.config/coexist/coexist-config.toml", home);
    else if (place == 2) snprintf(path, size, "/etc/coexist/coexist-config.toml");
    else continue;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) return fd;
  }
  return -1;
}

static int trusted(int fd, const char *path) {
  struct stat info;
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return 0;
  int good = (info.st_uid == geteuid() || info.st_uid == 0) && (info.st_mode & 022) == 0;
  if (!good)
    coexist_log(COEXIST_LOG_WARN, "warning[L010]: %s belongs to another user or is writable by "
                                  "others; not read. chmod go-w %s", path, path);
  return good;
}

static void report(const struct coexist_diagnostic *d, void *source) {
  const char *kind = d->severity == COEXIST_SEVERITY_ERROR ? "error" : "warning";
  unsigned level = d->severity == COEXIST_SEVERITY_ERROR ? COEXIST_LOG_ERROR : COEXIST_LOG_WARN;
  size_t length = strlen(d->message);
  if (length > 0 && d->message[length - 1] == '.') length--;
  coexist_log(level, "%s[%s]: %s:%u:%u: %.*s%s%s (ignored; coexist-inspect config check)", kind,
              d->code, (const char *)source, d->line, d->column, (int)length, d->message,
              d->label[0] != 0 ? "; " : "", d->label);
}

static void *open_reader(void) {
  Dl_info info;
  char path[4096];
  if (dladdr((void *)coexist_config_load, &info) == 0 || info.dli_fname == NULL) return NULL;
  const char *slash = strrchr(info.dli_fname, '/');
  int folder = slash != NULL ? (int)(slash + 1 - info.dli_fname) : 0;
  snprintf(path, sizeof path, "%.*slibcoexist-config.so", folder, info.dli_fname);
  void *library = coexist_real.dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL)
    coexist_log(COEXIST_LOG_ERROR, "error[L012]: %s cannot be opened, so the configuration is not "
                                   "read; install it beside libcoexist.so", path);
  return library;
}

static void read_all(void *library, int fd, const char *path, const char *options) {
  __typeof__(&coexist_config_read) read_text =
      (void *)coexist_real.dlsym(library, "coexist_config_read");
  __typeof__(&coexist_config_options) read_options =
      (void *)coexist_real.dlsym(library, "coexist_config_options");
  if (read_text == NULL || read_options == NULL) return;
  int errors = 0;
  if (fd >= 0) {
    static char text[64 * 1024 + 2];  // one byte more than the format allows: the reader says so
    ssize_t length = read(fd, text, sizeof text - 1);
    if (length < 0)
      coexist_log(COEXIST_LOG_ERROR, "error[L011]: %s cannot be read: %m; going on with the "
                                     "defaults", path);
    else
      errors += read_text(text, (size_t)length, path, &coexist_config, report, NULL, (void *)path);
  }
  if (options != NULL)
    errors += read_options(options, &coexist_config, report, NULL, "COEXIST_OPTIONS");
  if (errors != 0 && coexist_config.abort_on_error) _exit(78);
}

static const char *const formats[] = {"text", "json"};
static const char *const levels[] = {"off", "error", "warn", "info", "debug"};
_Static_assert(COEXIST_LOG_TEXT == 0 && COEXIST_LOG_JSON == 1, "the places of the formats");
_Static_assert(COEXIST_LOG_OFF == 0 && COEXIST_LOG_DEBUG == 4, "the places of the levels");

void coexist_config_load(void) {
  defaults();
  if (getauxval(AT_SECURE)) return;
  int format = coexist_environment_choice("COEXIST_LOG_FORMAT", formats, 2);
  // Of what is said about the configuration, too.
  if (format >= 0) coexist_config.log_format = (unsigned)format;
  int level = coexist_environment_choice("COEXIST_LOG", levels, 5);
  const char *log_file = getenv("COEXIST_LOG_FILE");
  char path[4096];
  int named, fd = open_file(path, sizeof path, &named);
  if (fd >= 0 && !trusted(fd, path)) close(fd), fd = -1;
  const char *options = getenv("COEXIST_OPTIONS");
  if (fd >= 0 || (options != NULL && options[0] != 0)) {
    void *library = open_reader();
    if (library != NULL) {
      read_all(library, fd, path, options);
      coexist_real.dlclose(library);
    }
    if (fd >= 0) close(fd);
  }
  if (level >= 0) coexist_config.log_level = (unsigned)level;
  if (format >= 0) coexist_config.log_format = (unsigned)format;
  if (log_file != NULL)
    snprintf(coexist_config.log_file, sizeof coexist_config.log_file, "%s", log_file);
  coexist_environment_check();
}
