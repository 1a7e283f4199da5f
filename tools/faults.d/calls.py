"""The calls that can be made to fail, and with what: the errors that their manual pages name."""

import errno
import re
from pathlib import Path

NAMES = re.findall(r"X\((\w+)\)(?! FAULTS)", re.search(
    r"#define FAULTS_NAMES.*?\n\n", (Path(__file__).parent / "faults.h").read_text(), re.S).group())
SYSTEM_CALLS = 512

ERRORS = {
    "access": ["EACCES"], "close": ["EIO"], "fstat": ["EOVERFLOW"],
    "fstatvfs": ["EIO"], "ftruncate": ["ENOSPC", "EFBIG"], "getrlimit": ["EPERM"],
    "lstat": ["EACCES"], "memfd_create": ["ENOSYS", "EMFILE"], "mkdir": ["ENOSPC"],
    "open": ["EMFILE", "EACCES"], "pthread_create": ["EAGAIN"], "pthread_key_create": ["EAGAIN"],
    "read": ["EIO"], "readlink": ["ENOENT"], "realpath": ["EACCES"], "setitimer": ["EINVAL"],
    "sigaction": ["EINVAL"], "sigaltstack": ["ENOMEM"], "timer_create": ["EAGAIN"],
    "unlink": ["EROFS"], "write": ["ENOSPC"], "dlinfo": ["EINVAL"],
}
# By number (arch/x86/entry/syscalls/syscall_64.tbl); what is not here fails as in a sandbox.
SYSTEM_CALL_NAMES = {
    0: "read", 1: "write", 2: "open", 3: "close", 9: "mmap", 10: "mprotect", 11: "munmap",
    13: "rt_sigaction", 17: "pread64", 27: "mincore", 35: "nanosleep",
    36: "getitimer", 38: "setitimer", 61: "wait4", 128: "rt_sigtimedwait",
    129: "rt_sigqueueinfo", 130: "rt_sigsuspend", 157: "prctl", 202: "futex", 222: "timer_create",
    223: "timer_settime", 226: "timer_delete", 230: "clock_nanosleep", 234: "tgkill",
    247: "waitid", 257: "openat", 297: "rt_tgsigqueueinfo", 302: "prlimit64",
    310: "process_vm_readv", 319: "memfd_create", 324: "membarrier",
    424: "pidfd_send_signal",
}
SYSTEM_CALL_ERRORS = {
    9: ["ENOMEM"], 10: ["ENOMEM"], 11: ["ENOMEM"], 13: ["EINVAL"],
    35: ["EINTR"], 222: ["EAGAIN"], 1: ["ENOSPC", "EBADF"], 302: ["EPERM"],
}


def is_system_call(call):
    return call >= len(NAMES)


TOLD = re.compile(r"\b(?:sigaction|signal|sigaltstack|altstack)\(")


def is_told(call):
    return not is_system_call(call) and NAMES[call] in ("sigaction", "sigaltstack")


def title(call):
    if not is_system_call(call):
        return NAMES[call]
    number = call - len(NAMES)
    return f"sys {SYSTEM_CALL_NAMES.get(number, number)}"


def errors(call):
    if is_system_call(call):
        names = SYSTEM_CALL_ERRORS.get(call - len(NAMES), ["ENOSYS"])
    else:
        names = ERRORS.get(NAMES[call], ["ENOMEM"])
    return [getattr(errno, name) for name in names]


def error_name(number):
    return errno.errorcode[number]
