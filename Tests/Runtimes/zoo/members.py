"""Who lives in the zoo, in the order in which they are loaded, and what each does there.

Left out, and why:
  ECL     uses the same libgc as Guile, and each sets it up for itself alone: the second one
          dies while it starts, with or without coexist, in either order
  SBCL    is a program, not a library: it can only be the host (../sbcl)
  a second HotSpot  needs a container of its own, and JPype knows one (../jvms)
  r.so              R knows one stack, the main thread's; elsewhere an overflow is a crash to it
  r.exits           R starts its commands by system(3), which makes the whole process ignore Ctrl-C
                    meanwhile, as POSIX wants it
  lean.fork         its child gives itself four seconds, which a busy machine does not have
  go.notify         sends SIGHUP past libc. Of two that are sent at once the second may come when no
                    Go listens any more; then HotSpot has it, and ends the program in order (129)
  faulthandler of all threads   reads Python's thread states without their lock: Python 3.11 alone
                    dies of it in seconds while another thread makes threads (python/cpython#116008)
Each has threads of its own, because HotSpot's guard pages and Mono's, or Ruby's, cannot be on one
thread (Limitations).
"""

import ctypes
import faulthandler
import tempfile
import time

import driver
from paths import built
from profiles import ENOUGH, go_samples

# name: what it is, what it does each round, what it does rarely.
MEMBERS = {
    "mono": ("Mono", ("nre", "div", "nret", "tight"), ("gc", "exits")),
    "jvm17": ("HotSpot 17", ("npe", "div", "so", "sot"), ("gc", "exits", "profiled")),
    # Its library asks for executable stacks, and libc then opens HotSpot's guard pages.
    "hs": ("GHC", ("div", "thr"), ()),
    "net": (".NET Core", ("nre", "div", "nret", "tight"), ("gc", "exits")),
    "go119": ("Go 1.19", ("nil", "nilg", "nilthread", "div"), ("exits", "profiled", "preempted")),
    "go127": ("Go 1.27", ("nil", "nilg", "nilthread", "div"), ("exits", "preempted", "profiled")),
    "v8": ("V8", ("oob", "so"), ()),
    "wasm": ("Wasmtime", ("unr", "oob", "div", "so"), ()),
    "oc": ("OCaml", ("so", "churn"), ()),
    "r": ("R", ("gc",), ()),
    "rb": ("Ruby", ("so",), ("so2",)),
    "guile": ("Guile", ("gc",), ("ingo",)),
    "bo": ("Boehm's collector", ("gc",), ("ingo",)),
    "lean": ("Lean 4", ("solve", "task"), ()),
    "mojo": ("Mojo", ("tasks",), ()),
    "rust": ("Rust", ("panic",), ()),
    "swift": ("Swift", ("basic",), ()),
    "glog": ("glog's crash reporter", (), ()),
    "fh": ("CPython's faulthandler", ("traceback",), ()),
}


def go_preempted(name):
    """A collection does not wait until a loop without calls has ended: SIGURG stops the loop."""
    library = ctypes.CDLL(str(built("go", f"lib{name}.so")))

    def part():
        began = time.monotonic()
        return library.FaultsPreempt() / (time.monotonic() - began) / 1000

    def run():
        # A collection has many steps, and on a busy machine each waits for a processor. If no
        # signal came it would wait for the whole of the loop each time.
        parts = []
        while len(parts) < 8 and (not parts or parts[-1] > 0.5):
            parts.append(part())
        assert parts[-1] <= 0.5, f"the collections waited {parts} of the loop"

    return run


def go_profiled(name):
    """Its profiler gets samples, beside Python's timer of the same signal."""
    library = ctypes.CDLL(str(built("go", f"lib{name}.so")))

    def run():
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/cpu"
            assert library.FaultsProfileStart(path.encode()) == 1
            library.FaultsBusy()
            library.FaultsProfileStop()
            samples = go_samples(path)
        assert samples >= ENOUGH, f"{samples} samples"

    return run


def java_profiled():
    """JFR's sampler stops threads by SIGUSR2, for which Python has a handler of its own."""
    import jpype

    sampled = jpype.JClass("Sampled")

    def run():
        # On a busy machine the sampler may come too late to see a thread, but not always.
        assert any(sampled.samples() for _ in range(5)), "no sample in five recordings"

    return run


def traceback():
    """faulthandler walks its thread's frames, as it does in a crash."""
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file, all_threads=False)
        file.seek(0)
        assert b"in traceback" in file.read()


def at_most(times, check):
    """The check for the first times, and then nothing."""
    left = iter(range(times))
    return lambda: check() if next(left, None) is not None else None


def make(name):
    """Loads the member on this thread; returns its checks: those of each round, and the rare."""
    _, often, rarely = MEMBERS[name]
    checks = driver.load(name)
    if name.startswith("go"):
        checks |= {"preempted": go_preempted(name), "profiled": go_profiled(name)}
    if name == "jvm17":
        checks["daemon"]()  # a thread that takes null checks until the process ends
        checks["profiled"] = java_profiled()
    if name == "rb":
        # Ruby keeps some 25 MB of what each overflow of the machine's stack cuts off, also alone.
        checks["so2"] = at_most(8, checks["so2"])
    if name == "fh":
        checks["traceback"] = traceback
    return {n: checks[n] for n in often}, {n: checks[n] for n in rarely}


def works(name):
    """Whether it must have answers: glog's handler only waits for a crash, and must see none."""
    return name != "glog"
