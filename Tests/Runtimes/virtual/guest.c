// The guest of ../fibers, as a library for JNI and java.lang.foreign.
#include <jni.h>
#include <unistd.h>

#include "../fibers/guest.c"

int guest_here(void) { return gettid(); }

JNIEXPORT void JNICALL Java_Virtual_set(JNIEnv *env, jclass self, jlong value) {
    (void)env, (void)self;
    guest_set(value);
}
JNIEXPORT jboolean JNICALL Java_Virtual_check(JNIEnv *env, jclass self, jlong value) {
    (void)env, (void)self;
    return guest_check(value) != 0;
}
JNIEXPORT jint JNICALL Java_Virtual_here(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    return guest_here();
}
