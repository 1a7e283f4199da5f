// jvms MODE CLASSPATH LIBJVM…: each Java VM on a thread of its own in one process; deliberate
// faults, stack overflows, collections, all at once, twice. MODE: dlopen, dlmopen or container.
#include <coexist_container.h>
#include <dlfcn.h>
#include <jni.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *mode, *class_path;
static pthread_barrier_t started, ended;
static int failures;

typedef jint (*create)(JavaVM **, void **, void *);

static create open_vm(const char *library) {
  if (strcmp(mode, "dlopen") == 0)
    return (create)dlsym(dlopen(library, RTLD_NOW | RTLD_LOCAL), "JNI_CreateJavaVM");
  if (strcmp(mode, "dlmopen") == 0)
    return (create)dlsym(dlmopen(LM_ID_NEWLM, library, RTLD_NOW), "JNI_CreateJavaVM");
  struct coexist_container_options options = {.library = library};
  coexist_container container;
  char error[400];
  if (coexist_container_open(&options, &container, error, sizeof error) != 0)
    return puts(error), NULL;
  return (create)coexist_container_lookup(container, "JNI_CreateJavaVM");
}

static void check(JNIEnv *env, jclass faults, const char *library, const char *name) {
  jmethodID method =
      (*env)->GetStaticMethodID(env, faults, name, "()Ljava/lang/String;");
  jstring result = method ? (*env)->CallStaticObjectMethod(env, faults, method) : NULL;
  if ((*env)->ExceptionCheck(env)) (*env)->ExceptionDescribe(env);
  const char *text = result ? (*env)->GetStringUTFChars(env, result, NULL) : "no result";
  if (text[0] != 0) printf("%s %s: %s\n", library, name, text), failures++;
}

static void *run(void *library) {
  JavaVM *vm;
  JNIEnv *env;
  char path[4096];
  snprintf(path, sizeof path, "-Djava.class.path=%s", class_path);
  JavaVMOption options[] = {{path, NULL}, {"-Xmx64m", NULL}, {"-XX:+UseSerialGC", NULL}};
  JavaVMInitArgs arguments = {JNI_VERSION_10, 3, options, JNI_FALSE};
  create make = open_vm(library);
  if (make == NULL || make(&vm, (void **)&env, &arguments) != 0) {
    printf("%s did not start\n", (char *)library);
    exit(1);
  }
  jclass faults = (*env)->FindClass(env, "Faults");
  pthread_barrier_wait(&started);
  for (int round = 0; round < 2; round++) {
    check(env, faults, library, "npe");
    check(env, faults, library, "div");
    check(env, faults, library, "so");
    check(env, faults, library, "sot");
    check(env, faults, library, "gc");
  }
  pthread_barrier_wait(&ended);
  return NULL;
}

int main(int count, char **words) {
  pthread_t ids[8];
  mode = words[1], class_path = words[2];
  int vms = count - 3;
  pthread_barrier_init(&started, NULL, (unsigned)vms);
  pthread_barrier_init(&ended, NULL, (unsigned)vms);
  for (int i = 0; i < vms; i++) pthread_create(&ids[i], NULL, run, words[3 + i]);
  for (int i = 0; i < vms; i++) pthread_join(ids[i], NULL);
  fflush(stdout);
  _Exit(failures != 0);
}
