// What main.mojo calls. The file ANSWERS has what each runtime answers alone, in lines NAME n
// ANSWER. As a program of its own, with the name of one of them, it prints these.
#include <coexist.h>
#include <dlfcn.h>
#include <jni.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "work.h"

enum { ANSWERS = 64 };
enum runtime { LEAN, JAVA, HASKELL, MOJO, RUNTIMES };
static const char *const names[] = {"lean", "java", "haskell", "mojo"};
static long known[RUNTIMES][ANSWERS];
static atomic_long asked[RUNTIMES], wrong[RUNTIMES], kept, lost, moved, deep, forks;
static int where[ANSWERS];

// ---- the guests ----

static JavaVM *machine;
static jclass class;
static jmethodID method;

static JNIEnv *attached(void) {
  static _Thread_local JNIEnv *env;
  if (env == NULL &&
      (*machine)->AttachCurrentThreadAsDaemon(machine, (void **)&env, NULL) != 0) abort();
  return env;
}
static void java_start(void) {
  void *library = dlopen(getenv("JVM"), RTLD_NOW);
  if (library == NULL) fprintf(stderr, "%s\n", dlerror()), exit(2);
  jint (*create)(JavaVM **, void **, void *) =
      (jint (*)(JavaVM **, void **, void *))dlsym(library, "JNI_CreateJavaVM");
  char path[4096];
  snprintf(path, sizeof path, "-Djava.class.path=%s", getenv("CLASSES"));
  JavaVMOption options[] = {{.optionString = path}, {.optionString = "-Xmx64m"}};
  JavaVMInitArgs arguments = {.version = JNI_VERSION_1_8, .nOptions = 2, .options = options};
  JNIEnv *env;
  if (create(&machine, (void **)&env, &arguments) != 0) exit(2);
  class = (*env)->NewGlobalRef(env, (*env)->FindClass(env, "Answers"));
  method = (*env)->GetStaticMethodID(env, class, "of", "(I)J");
}
static long java_answer(long n) {
  JNIEnv *env = attached();
  return (*env)->CallStaticLongMethod(env, class, method, (jint)n);
}

static long (*haskell_answer)(long);
static void haskell_start(void) {
  void *library = dlopen(getenv("HASKELL"), RTLD_NOW);
  if (library == NULL) fprintf(stderr, "%s\n", dlerror()), exit(2);
  ((void (*)(int *, char ***))dlsym(library, "hs_init"))(NULL, NULL);
  haskell_answer = (long (*)(long))dlsym(library, "haskell_answer");
}

static long answer(enum runtime runtime, long n) {
  switch (runtime) {
    case LEAN: return work_append(n);
    case JAVA: return java_answer(n);
    default: return haskell_answer(n);
  }
}

int main(int count, char **words) {
  if (count != 2) return 64;
  enum runtime runtime = LEAN;
  while (strcmp(names[runtime], words[1]) != 0)
    if (++runtime == MOJO) return 64;
  if (runtime == LEAN && !work_start()) return 2;
  if (runtime == JAVA) java_start();
  if (runtime == HASKELL) haskell_start();
  for (long n = 0; n < ANSWERS; n++) printf("%s %ld %ld\n", words[1], n, answer(runtime, n));
  fflush(stdout);
  _exit(0);
}

// ---- for main.mojo: each returns 0 when the answer is the one that the runtime gives alone ----

static time_t ends, next_line;

static long judge(enum runtime runtime, long n, long given) {
  asked[runtime]++;
  if (given == known[runtime][n % ANSWERS]) return 0;
  wrong[runtime]++;
  fprintf(stderr, "%s %ld: %ld, alone %ld\n", names[runtime], n % ANSWERS, given,
          known[runtime][n % ANSWERS]);
  return 1;
}
long soak_lean(long n) { return judge(LEAN, n, answer(LEAN, n % ANSWERS)); }
long soak_java(long n) { return judge(JAVA, n, answer(JAVA, n % ANSWERS)); }
long soak_haskell(long n) { return judge(HASKELL, n, answer(HASKELL, n % ANSWERS)); }
long soak_mojo(long n, long given) { return judge(MOJO, n, given); }
// Lean's state of a task, over its awaits.
void soak_keep(long n) {
  where[n % ANSWERS] = gettid();
  work_keep(n);
}
long soak_kept(long n) {
  kept++;
  if (where[n % ANSWERS] != gettid()) moved++;
  if (work_has_kept(n)) return 0;
  lost++;
  return 1;
}
static void *dives(void *levels) { return (void *)work_deep((long)levels); }
long soak_deep(long levels) {
  void *result = NULL;
  coexist_context_t context = coexist_create();
  deep++;
  if (coexist_call == NULL) return work_deep(levels) != 1;
  int error = coexist_call(context, 1ul << 28, dives, (void *)levels, &result);
  return error != 0 || result == NULL || coexist_destroy(context) != 0;
}
long soak_fork(long round) {
  (void)round;
  forks++;
  return work_fork() != 1;
}

void soak_start(void) {
  FILE *file = fopen(getenv("ANSWERS"), "r");
  char name[16];
  long n, value;
  int lines = 0;
  while (file != NULL && fscanf(file, "%15s %ld %ld", name, &n, &value) == 3)
    for (int runtime = 0; runtime < RUNTIMES; runtime++)
      if (strcmp(names[runtime], name) == 0) known[runtime][n % ANSWERS] = value, lines++;
  if (lines != RUNTIMES * ANSWERS) fprintf(stderr, "%d answers\n", lines), exit(2);
  if (!work_start()) exit(2);
  java_start();
  haskell_start();
  ends = time(NULL) + atol(getenv("SECONDS_MAX"));
}
long soak_goes_on(long round) {
  (void)round;
  return time(NULL) < ends;
}

static long resident(void) {  // KiB
  char line[256];
  long value = 0;
  FILE *file = fopen("/proc/self/status", "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL)
    if (sscanf(line, "VmRSS: %ld", &value) == 1) break;
  if (file != NULL) fclose(file);
  return value;
}
static void report(long round) {
  long all = 0, bad = lost;
  for (int i = 0; i < RUNTIMES; i++) all += asked[i], bad += wrong[i];
  printf("%ld rounds, %ld answers, %ld awaits (%ld moved), %ld deep, %ld forks, %ld wrong, "
         "%ld KiB\n", round + 1, all, (long)kept, (long)moved, (long)deep, (long)forks, bad,
         resident());
  fflush(stdout);
}
void soak_round(long round, long bad) {
  time_t now = time(NULL);
  if (bad != 0) {
    report(round);
    printf("round %ld: %ld wrong\n", round, bad);
    fflush(stdout);
    _exit(3);
  }
  if (now >= ends) report(round), _exit(0);
  if (now < next_line) return;
  next_line = now + 10;
  report(round);
}
