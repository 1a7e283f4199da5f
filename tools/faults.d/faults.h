// What tools/faults, the injected library and the launcher share.
#pragma once

#include <stdint.h>

// libc's functions that libcoexist.so calls and that can fail: NAME, and how it says so.
//   E  -1 and errno    P  returns the error    N  NULL    M  MAP_FAILED and errno
// A call that an interposer only hands on is the program's own and stays untouched.
#define FAULTS_NAMES \
  X(access) X(calloc) X(close) X(dlclose) X(dlmopen) X(dlopen) X(dlsym) X(fstat)         \
  X(fstatvfs) X(ftruncate) X(getrlimit) X(lstat) X(malloc) X(memfd_create) X(mkdir) X(mmap)       \
  X(mprotect) X(mremap) X(munmap) X(open) X(pthread_create) X(pthread_getattr_np)                 \
  X(pthread_getattr_default_np) X(pthread_key_create) X(pthread_setspecific) X(read) X(readlink)  \
  X(realpath) X(setitimer) X(sigaction) X(sigaltstack) X(strdup) X(timer_create) X(unlink)        \
  X(write) X(__register_atfork) X(__cxa_thread_atexit_impl) X(dladdr) X(dlinfo) X(on_exit)

enum faults_name {
#define X(name) FAULTS_##name,
  FAULTS_NAMES
#undef X
  FAULTS_COUNT
};

enum { FAULTS_SYSTEM_CALLS = 512 };

// A file that all processes of a run map; tools/faults reads it afterwards.
struct faults {
  uint64_t name;    // (set at start) which of the names fails; FAULTS_COUNT + n = system call n
  uint64_t use;     // (set at start) at which use; 0 = none, uses are only counted
  uint64_t error;   // (set at start) errno
  uint64_t where;   // offset in libcoexist.so of the call that failed; 0 = it came to none
  uint64_t library; // where libcoexist.so was loaded
  uint64_t uses[FAULTS_COUNT + FAULTS_SYSTEM_CALLS];
};
