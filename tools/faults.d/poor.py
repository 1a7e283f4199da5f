"""Poor surroundings: what a program may find itself in, where coexist must do with less.

In each a program must end as it ends there bare, or as it ends under coexist in good ones, with one
message at most. What the surroundings end bare as well says nothing and is not run.
"""

import errno
import subprocess
import time

import programs
import runner

# Linux arch/x86/entry/syscalls/syscall_64.tbl. What we use, refused to all.
REFUSED = {
    "memfd_create": 319, "membarrier": 324, "timer_create": 222, "prlimit64": 302, "prctl": 157,
    "mkdir": 83, "unlink": 87, "ftruncate": 77, "fstatfs": 138, "readlink": 89, "access": 21,
    "rt_sigaction": 13, "sigaltstack": 131, "rt_tgsigqueueinfo": 297, "perf_event_open": 298,
    "process_vm_readv": 310, "pidfd_open": 434, "pidfd_send_signal": 424, "getitimer": 36,
    "setitimer": 38, "waitid": 247, "rseq": 334, "mincore": 27,
}
TESTED = ("both-orders", "threads", "fork", "pipe-writers", "crash")
SHORT = ("both-orders", "crash")
# Where the program, too, finds out that there is less: what it prints then differs.
NOTICED = ("RLIMIT_AS", "RLIMIT_DATA", "the folder")
UNSHARE = ["unshare", "-rm", "sh", "-c"]
MIB = 1 << 20


def shell(script):
    """A command in a mount namespace of its own, where SCRIPT has run before."""
    return [*UNSHARE, script + ' && exec "$@"', "sh"]


def full(folder):
    return (f"mount -t tmpfs -o size=64k none {folder} && "
            f"{{ head -c 1M /dev/zero >{folder}/all 2>/dev/null || true; }}")


def surroundings(start):
    """Name, what the command line begins with, and more variables."""
    yield "no /proc", shell("mount -t tmpfs none /proc"), {}
    yield "a read-only /proc without ourselves", shell("mount -t tmpfs -o ro none /proc"), {}
    yield "/dev/shm is full", shell(full("/dev/shm")), {}
    yield "/dev/shm is read-only", shell("mount -t tmpfs -o ro none /dev/shm"), {}
    yield "/dev/shm is no folder of ours", shell("mount --bind /proc /dev/shm"), {}
    yield "TMPDIR is full", shell(full("/mnt")), {"TMPDIR": "/mnt"}
    yield "XDG_RUNTIME_DIR is full", shell(full("/mnt")), {"XDG_RUNTIME_DIR": "/mnt"}
    yield "XDG_RUNTIME_DIR is missing", [], {"XDG_RUNTIME_DIR": "/proc/none"}
    yield "COEXIST_STATE is no file", [], {"COEXIST_STATE": "/dev/null/state"}
    yield "the log is full", [], {"COEXIST_LOG_FILE": "/dev/full", "COEXIST_LOG": "debug"}
    yield "the log is missing", [], {"COEXIST_LOG_FILE": "/proc/none/log"}
    yield "the configuration is missing", [], {"COEXIST_CONFIG": "/proc/none/coexist-config.toml"}
    yield "the configuration is a folder", [], {"COEXIST_CONFIG": "/proc"}
    yield "the folder is gone", ["sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && exec "$@"',
                                 "sh"], {}
    yield "no descriptors", ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"], {}
    for name, value in (("nofile", 3), ("nofile", 4), ("nofile", 5), ("fsize", 0), ("core", 0),
                        ("fsize", 4096), ("sigpending", 0), ("memlock", 0), ("stack", 128 << 10),
                        ("stack", 1 << 30), ("data", 1 * MIB), ("data", 4 * MIB), ("nproc", 1),
                        ("core", 1 * MIB)):
        yield f"RLIMIT_{name.upper()} is {value}", ["prlimit", f"--{name}={value}"], {}
    for kib in range(3 * 1024, 16 * 1024, 512):
        yield f"RLIMIT_AS is {kib} KiB", ["prlimit", f"--as={kib * 1024}"], {}
    for name, number in REFUSED.items():
        for error in (errno.ENOSYS, errno.EPERM):
            words = ["--deny", f"{number}={error}"]
            yield f"{name} gives {errno.errorcode[error]}", [*start, *words, "--"], {}
    every = [word for name, number in REFUSED.items()
             if name not in ("rt_sigaction", "sigaltstack", "waitid", "access")
             for word in ("--deny", f"{number}={errno.EPERM}")]
    yield "all of that gives EPERM", [*start, *every, "--"], {}


def cannot_load(ending):
    """The loader itself has no memory for one library more: nobody is there to do with less."""
    return "cannot be preloaded" in ending.output or (
        ending.status == 127 and "error while loading shared libraries" in ending.output)


def problem(program, prefix, more, library):
    """What is wrong; None = nothing, and "left out" = it says nothing."""
    environment = program.environment | more
    command = [*prefix, *program.command]
    bare = runner.run(command, None, 20.0, environment)
    # In the program only, not in sh or prlimit.
    inner = ["env", f"LD_PRELOAD={library}", *program.command]
    ending = runner.run([*prefix, *inner], None, program.patience, environment)
    if ending.status == runner.HANG and bare.status != runner.HANG:
        return "it hangs"
    if cannot_load(ending):
        return "left out"
    codes = set(programs.MESSAGE.findall(ending.output)) - program.usual
    if len(codes) > 1:
        return f"more than one message: {' '.join(sorted(codes))}\n{ending.output[-800:]}"
    if program.outcome(ending) in program.allowed | {program.outcome(bare)}:
        return None
    return (f"it ends with {runner.describe(ending.status)}, bare with "
            f"{runner.describe(bare.status)}\n{ending.output[-800:]}")


def can_unshare():
    return subprocess.run([*UNSHARE, "true"], capture_output=True).returncode == 0


def run(known, library, arguments):
    """Passed and failed."""
    began, results = time.monotonic(), [0, 0]
    with_mounts = can_unshare()
    if not with_mounts:
        print("left out: what needs mount namespaces, which this user cannot make")
    empty = programs.BUILT / "nothing"
    empty.write_bytes(bytes(8 * 1024))
    start = [str(programs.BUILT / "start"), str(empty)]
    for program in known:
        if program.name not in (SHORT if arguments.ci else TESTED):
            continue
        if not hasattr(program, "allowed"):
            program.learn(library)
        for name, prefix, more in surroundings(start):
            if prefix[:2] == UNSHARE[:2] and not with_mounts:
                continue
            if name.startswith(NOTICED) and program.name not in SHORT:
                continue
            said = problem(program, prefix, more, library)
            if said == "left out":
                continue
            results[bool(said)] += 1
            if said:
                print(f"FAIL  {program.name}: {name}: " + said.replace("\n", "\n      | "))
            elif arguments.verbose:
                print(f"ok    {program.name}: {name}", flush=True)
    print(f"      poor surroundings: {results[0]} as they must be, {results[1]} not, "
          f"{time.monotonic() - began:.0f} s", flush=True)
    return results
