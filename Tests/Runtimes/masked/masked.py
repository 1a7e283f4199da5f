"""A host thread that blocks signals, as sigwait wants of all other threads, uses a runtime.

    masked.py all/net.gc          loads .NET; a new thread blocks all signals and collects
    masked.py async-late/bo.gc    the thread blocks all but faults, and then the runtime is loaded
    masked.py all-used/jvm17.npe  the thread uses the runtime, and then it blocks them
    masked.py all-here/oc.so      the thread loads the runtime, and then it blocks them
    masked.py none/bo.gc          the same thread with nothing blocked

Prints 'RESULT True at RUNTIME.CHECK' or 'RESULT False at …'. Exit status: 0, or 3.
"""

import signal
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import driver

FAULTS = {signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGTRAP}
BLOCKED = {
    "none": set(),
    "async": signal.valid_signals() - FAULTS - {signal.SIGABRT, signal.SIGSYS},
    "all": signal.valid_signals(),
}
OWN_MASK = {"jvm17", "net"}  # these change the mask of a thread, also when they are alone


def blocked():
    return signal.pthread_sigmask(signal.SIG_BLOCK, ())


def check(function, same):
    """The check, and what the thread asked for is what it reads back, whatever was needed."""
    before = blocked()
    function()
    changed = before ^ blocked()
    assert not (same and changed), f"the mask has changed: {sorted(changed)}"


def main(argument):
    how, _, label = argument.partition("/")
    mask, _, when = how.partition("-")
    runtime, _, name = label.partition(".")
    same = runtime not in OWN_MASK
    loaded, masked = threading.Event(), threading.Event()
    checks = {}
    passed = False

    def body():
        nonlocal passed
        if when == "here":
            checks.update(driver.load(runtime))
        if when == "used":
            checks[name]()
        signal.pthread_sigmask(signal.SIG_BLOCK, BLOCKED[mask])
        masked.set()
        loaded.wait()
        passed = driver.run(label, lambda: check(checks[name], same))

    if when in ("", "used"):
        checks.update(driver.load(runtime))
    thread = threading.Thread(target=body)
    thread.start()
    masked.wait()
    if when == "late":
        checks.update(driver.load(runtime))
    loaded.set()
    thread.join()
    return 0 if passed else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
