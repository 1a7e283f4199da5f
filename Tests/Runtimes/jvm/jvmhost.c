// Starts a JVM for a host that is not Python (SBCL) and runs the checks of Faults.java in it.
#include <dlfcn.h>
#include <jni.h>
#include <pthread.h>
#include <stdio.h>

static JavaVM *machine;

// Starts the JVM of LIBJVM with CLASSES as its class path; returns 0 when it runs.
int jvmhost_start(const char *libjvm, const char *classes) {
    void *library = dlopen(libjvm, RTLD_NOW | RTLD_GLOBAL);
    if (!library) return -1;
    jint (*create)(JavaVM **, void **, void *) = dlsym(library, "JNI_CreateJavaVM");
    if (!create) return -2;
    char path[4096];
    snprintf(path, sizeof path, "-Djava.class.path=%s", classes);
    JavaVMOption options[] = {{.optionString = path}, {.optionString = "-Xmx256m"}};
    JavaVMInitArgs arguments = {.version = JNI_VERSION_1_8, .nOptions = 2, .options = options};
    JNIEnv *env;
    return create(&machine, (void **)&env, &arguments);
}

// Runs the check NAME on this thread; returns 0 when all was right.
int jvmhost_check(const char *name) {
    JNIEnv *env;
    if ((*machine)->AttachCurrentThread(machine, (void **)&env, NULL)) return -1;
    jclass faults = (*env)->FindClass(env, "Faults");
    if (!faults) return -2;
    jmethodID method = (*env)->GetStaticMethodID(env, faults, name, "()Ljava/lang/String;");
    if (!method) return -3;
    jstring result = (*env)->CallStaticObjectMethod(env, faults, method);
    if ((*env)->ExceptionCheck(env)) {
        (*env)->ExceptionDescribe(env);
        return -4;
    }
    const char *text = (*env)->GetStringUTFChars(env, result, NULL);
    if (*text) fprintf(stderr, "%s: %s\n", name, text);
    return *text != 0;
}
