"""A Go runtime in a c-shared library."""

import ctypes
import os
import signal
import tempfile
import threading
import time

from paths import built
from profiles import go_samples

NIL = "runtime error: invalid memory address or nil pointer dereference"
DIV = "runtime error: integer divide by zero"
CHILDREN_SECONDS = 8


def busy():
    """The C function of Go 1.27, loaded before, that stays in Go for about a second."""
    return ctypes.CDLL(str(built("go", "libgo127.so")), os.RTLD_NOLOAD | os.RTLD_NOW).FaultsBusy


def load(variant):
    library = ctypes.CDLL(str(built("go", f"lib{variant}.so")))
    for name in ("FaultsNil", "FaultsNilGoroutine", "FaultsDiv"):
        getattr(library, name).restype = ctypes.c_char_p

    def recovers(name, expected):
        def run():
            for _ in range(3):
                text = getattr(library, name)().decode()
                assert text == expected, text
            call()

        return run

    def call():
        assert library.FaultsCall() == 42

    def nilthread():
        wrong = []

        def body():
            try:
                nil()
            except AssertionError as error:
                wrong.append(error)

        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
        assert not wrong, wrong

    def preempt():
        waited = library.FaultsPreempt()
        assert waited < 500, f"the collection waited {waited} ms"

    def notify():
        for _ in range(3):
            assert library.FaultsNotify() == 1, "the signal did not reach Go's channel"

    def exits():
        wrong = library.FaultsExits()
        assert wrong == 0, f"exit {wrong} did not come back"

    def children():
        """SIGCHLD comes to threads that are on goroutines' stacks: Python's have it blocked."""
        ended = time.monotonic() + CHILDREN_SECONDS
        wrong = []

        def repeat(check):
            try:
                while time.monotonic() < ended:
                    check()
            except AssertionError as error:
                wrong.append(error)

        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        checks = [library.FaultsBusy, library.FaultsBusy, call, call, exits, exits]
        threads = [threading.Thread(target=repeat, args=(check,)) for check in checks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        assert not wrong, wrong

    def prof():
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/cpu"
            assert library.FaultsProfileStart(path.encode()) == 1
            before = time.process_time()
            library.FaultsBusy()
            took = time.process_time() - before
            library.FaultsProfileStop()
            samples = go_samples(path)
        assert samples > took * 50, f"{samples} samples in {took:.2f} s"  # half of 100 Hz

    nil = recovers("FaultsNil", NIL)
    return {
        "call": call,
        "nil": nil,
        "nilthread": nilthread,
        "nilg": recovers("FaultsNilGoroutine", NIL),
        "div": recovers("FaultsDiv", DIV),
        "preempt": preempt,
        "notify": notify,
        "prof": prof,
        "exits": exits,
        "children": children,
    }
