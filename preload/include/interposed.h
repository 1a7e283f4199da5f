// Every libc name that we stand in front of, once. libcoexist.map exports the same.
OURS(sigaction) OURS(__sigaction) OURS(signal) OURS(ssignal) OURS(bsd_signal) OURS(sysv_signal)
OURS(__sysv_signal) OURS(sigset) OURS(sigignore) OURS(siginterrupt) OURS(sigvec) OURS(sigaltstack)
OURS(raise) OURS(gsignal) OURS(kill) OURS(tgkill) OURS(pthread_kill) OURS(pthread_sigqueue)
OURS(sigqueue) OURS(syscall)
OURS(mmap) OURS(mmap64) OURS(mprotect) OURS(pkey_mprotect) OURS(munmap) OURS(mremap)
OURS(dlopen) OURS(dlmopen) OURS(dlclose) OURS(dlsym) OURS(dlvsym)
OURS(_exit) OURS(_Exit) OURS(pthread_create) OURS(vfork) OURS(__vfork)
