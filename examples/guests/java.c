// HotSpot as a library: JVM is libjvm.so, CLASSES the folder of Nulls.class.
#include <dlfcn.h>
#include <jni.h>
#include <stdio.h>
#include <stdlib.h>

#include "guests.h"

static JavaVM *machine;

long java_start(void) {
  void *library = dlopen(getenv("JVM"), RTLD_NOW);
  if (library == NULL) fprintf(stderr, "%s\n", dlerror()), exit(2);
  jint (*create)(JavaVM **, void **, void *) =
      (jint (*)(JavaVM **, void **, void *))dlsym(library, "JNI_CreateJavaVM");
  char path[4096];
  snprintf(path, sizeof path, "-Djava.class.path=%s", getenv("CLASSES"));
  JavaVMOption options[] = {{.optionString = path}, {.optionString = "-Xmx128m"}};
  JavaVMInitArgs arguments = {.version = JNI_VERSION_1_8, .nOptions = 2, .options = options};
  JNIEnv *env;
  return create(&machine, (void **)&env, &arguments) == 0;
}

long java_catches(long times) {
  JNIEnv *env;
  if ((*machine)->AttachCurrentThread(machine, (void **)&env, NULL) != 0) return 0;
  jclass nulls = (*env)->FindClass(env, "Nulls");
  if (nulls == NULL) return 0;
  jmethodID caught = (*env)->GetStaticMethodID(env, nulls, "caught", "(I)I");
  return (*env)->CallStaticIntMethod(env, nulls, caught, (jint)times) == times;
}
