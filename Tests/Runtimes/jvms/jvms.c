// jvms CLASSPATH JDK…: each Java VM on a thread of its own in one process; deliberate faults, stack
// overflows and collections, all at once, twice. It knows dlopen and dlsym only.
#include <dlfcn.h>
#include <jni.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *class_path;
static pthread_barrier_t started, ended;
static int failures;

typedef jint (*create)(JavaVM **, void **, void *);
static const char *const methods[] = {"npe", "div", "so", "sot", "gc"};
enum { METHODS = sizeof methods / sizeof methods[0] };

// "" = the method found everything as it must be.
static int check(JNIEnv *env, jclass faults, const char *name) {
  jmethodID method = (*env)->GetStaticMethodID(env, faults, name, "()Ljava/lang/String;");
  jstring result = method ? (*env)->CallStaticObjectMethod(env, faults, method) : NULL;
  if ((*env)->ExceptionCheck(env)) (*env)->ExceptionDescribe(env), (*env)->ExceptionClear(env);
  const char *text = result ? (*env)->GetStringUTFChars(env, result, NULL) : "no result";
  if (text[0] != 0) printf("%s: %s\n", name, text);
  return text[0] == 0;
}

static JNIEnv *start(const char *jdk) {
  char library[4096], path[4096];
  snprintf(library, sizeof library, "%s/lib/server/libjvm.so", jdk);
  void *handle = dlopen(library, RTLD_NOW | RTLD_GLOBAL);
  create make = handle ? (create)dlsym(handle, "JNI_CreateJavaVM") : NULL;
  if (make == NULL) printf("%s\n", dlerror()), exit(1);
  snprintf(path, sizeof path, "-Djava.class.path=%s", class_path);
  JavaVMOption options[] = {{path, NULL}, {"-Xmx64m", NULL}, {"-XX:+UseSerialGC", NULL},
                             {"-XX:-UsePerfData", NULL}};
  JavaVMInitArgs arguments = {JNI_VERSION_10, 4, options, JNI_FALSE};
  JavaVM *vm;
  JNIEnv *env;
  if (make(&vm, (void **)&env, &arguments) != 0) printf("%s did not start\n", library), exit(1);
  return env;
}

static int is_version(JNIEnv *env, const char *jdk) {
  jclass system = (*env)->FindClass(env, "java/lang/System");
  jmethodID get = (*env)->GetStaticMethodID(env, system, "getProperty",
                                            "(Ljava/lang/String;)Ljava/lang/String;");
  jstring key = (*env)->NewStringUTF(env, "java.home");
  jstring home = (*env)->CallStaticObjectMethod(env, system, get, key);
  const char *text = (*env)->GetStringUTFChars(env, home, NULL);
  char *real = realpath(jdk, NULL);
  int right = real != NULL && strcmp(text, real) == 0;
  if (!right) printf("java.home is %s, not %s\n", text, real);
  free(real);
  return right;
}

static void *run(void *jdk) {
  JNIEnv *env = start(jdk);
  jclass faults = (*env)->FindClass(env, "Faults");
  const char *slash = strrchr(jdk, '/');
  int right[METHODS] = {0};
  pthread_barrier_wait(&started);
  for (int round = 0; round < 2; round++)
    for (int i = 0; i < METHODS; i++) right[i] += check(env, faults, methods[i]);
  int home = is_version(env, jdk);
  pthread_barrier_wait(&ended);
  for (int i = 0; i < METHODS; i++) {
    int passed = right[i] == 2 && home;
    printf("RESULT %s at %s.%s\n", passed ? "True" : "False", slash + 1, methods[i]);
    if (!passed) __atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
  }
  return NULL;
}

int main(int count, char **words) {
  pthread_t ids[8];
  class_path = words[1];
  int vms = count - 2;
  pthread_barrier_init(&started, NULL, (unsigned)vms);
  pthread_barrier_init(&ended, NULL, (unsigned)vms);
  for (int i = 0; i < vms; i++) pthread_create(&ids[i], NULL, run, words[2 + i]);
  for (int i = 0; i < vms; i++) pthread_join(ids[i], NULL);
  fflush(stdout);
  _Exit(failures != 0);
}
