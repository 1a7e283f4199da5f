"""CPU profilers, which share one timer and one signal number: SIGPROF.

    sigprof.py python            one profiler alone
    sigprof.py python+go         the second starts and stops while the first goes on
    sigprof.py gperftools+goload the second is a Go library that makes no profile

Each profiler must get its samples in each part of the time in which it runs. Prints
'RESULT True at PROFILERS' or 'RESULT False at …'. Exit status: 0, or 3.
"""

import ctypes
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import driver
from paths import built
from profiles import ENOUGH, go_samples

PART = 1.0  # seconds of processor time
EXPECTED = PART * 100


class Python:
    """The interval timer and a handler, as Python's own profilers have it."""

    def __init__(self):
        self.count = 0

    def start(self):
        signal.signal(signal.SIGPROF, self.tick)
        signal.setitimer(signal.ITIMER_PROF, 0.01, 0.01)

    def tick(self, *_):
        self.count += 1

    def samples(self):
        return self.count

    def stop(self):
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, signal.SIG_IGN)


class Gperftools:
    class State(ctypes.Structure):
        _fields_ = [
            ("enabled", ctypes.c_int),
            ("start_time", ctypes.c_long),
            ("profile_name", ctypes.c_char * 1024),
            ("samples_gathered", ctypes.c_int),
        ]

    def __init__(self):
        self.library = ctypes.CDLL("libprofiler.so.0")
        self.last = 0

    def start(self):
        self.file = tempfile.NamedTemporaryFile()
        self.library.ProfilerStart(self.file.name.encode())

    def samples(self):
        state = self.State()
        self.library.ProfilerGetCurrentState(ctypes.byref(state))
        return state.samples_gathered

    def stop(self):
        self.library.ProfilerStop()


class Go:
    def __init__(self):
        driver.load("go127")
        self.library = ctypes.CDLL(str(built("go", "libgo127.so")))
        self.file = tempfile.NamedTemporaryFile()

    def start(self):
        assert self.library.FaultsProfileStart(self.file.name.encode()) == 1

    def samples(self):
        return None  # the profile can be read when it has ended

    def stop(self):
        self.library.FaultsProfileStop()

    def result(self):
        return go_samples(self.file.name)


class GoLoad(Go):
    def start(self):
        assert self.library.FaultsCall() == 42

    def stop(self):
        pass

    def result(self):
        return None


PROFILERS = {"python": Python, "gperftools": Gperftools, "go": Go, "goload": GoLoad}


def part(profilers, measured):
    """How many samples one gets in one part of the time; None when it does not tell."""
    before = measured.samples()
    end = time.process_time() + PART
    while time.process_time() < end:
        sum(range(1000))
    for profiler in profilers:
        if isinstance(profiler, Go):
            profiler.library.FaultsBusy()  # its own code too
    return None if before is None else measured.samples() - before


def counts(names):
    """The samples of the first alone, beside the second, alone again; and the second's."""
    first = PROFILERS[names[0]]()
    started = time.process_time()
    first.start()
    got = {"alone": part([first], first)}
    if len(names) > 1:
        second = PROFILERS[names[1]]()  # which may look who has the signal already
        second.start()
        before = second.samples()
        got["beside"] = part([first, second], first)
        if before is not None:
            got["second"] = second.samples() - before
        second.stop()
        if isinstance(second, Go):
            got["second"] = second.result()
        got["again"] = part([first], first)
    took = time.process_time() - started
    first.stop()
    if isinstance(first, Go):
        got["all of it"] = int(first.result() / took * PART)
    return got


def check(names):
    got = counts(names)
    print(got, flush=True)
    least = {"all of it": EXPECTED / 2}  # one part of three is not enough
    few = [what for what, n in got.items() if n is not None and n < least.get(what, ENOUGH)]
    assert not few, f"too few samples: {few}"


if __name__ == "__main__":
    passed = driver.run(sys.argv[1], lambda: check(sys.argv[1].split("+")))
    sys.exit(0 if passed else 3)
