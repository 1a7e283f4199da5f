"""The host's own checks: what a fault of some runtime must not have changed for Python."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

# HotSpot blocks SIGQUIT on every thread but one, also when it is alone in the process.
HOTSPOT_HABIT = {signal.SIGQUIT}


def mask():
    """After a recovered fault no signal is left blocked."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ()) - HOTSPOT_HABIT
    assert not blocked, f"{len(blocked)} signals are left blocked: {sorted(blocked)}"


def child():
    """A child that was started now can be ended by SIGTERM."""
    process = subprocess.Popen(["sleep", "30"])
    process.terminate()
    try:
        status = process.wait(2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise AssertionError("SIGTERM did not end the child") from None
    assert status == -signal.SIGTERM, f"the child ended with {status}"


def sigintnow():
    """Ctrl-C interrupts a blocking call of the main thread at once."""
    sender = subprocess.Popen(
        [sys.executable, "-c", f"import os, time; time.sleep(.5); os.kill({os.getpid()}, 2)"],
        env={},
    )
    started = time.monotonic()
    try:
        time.sleep(4)
    except KeyboardInterrupt:
        took = time.monotonic() - started
        assert took < 2, f"it took {took:.1f} s"
        return
    finally:
        sender.wait()
    raise AssertionError("no KeyboardInterrupt came")


def exits():
    """Each child's own exit status comes back to the runtime that started it."""
    for status in range(1, 21):
        got = subprocess.run(["/bin/sh", "-c", f"exit {status}"]).returncode
        assert got == status, f"exit {status} came as {got}"


def waits():
    """Python waits for any of its children, whichever of its own libraries made it."""
    kept = []  # a Popen that is dropped may wait for its child itself

    def popen():
        kept.append(subprocess.Popen(["/bin/sh", "-c", "exit 5"]))
        return kept[-1].pid

    for make in (
        popen,
        lambda: os.posix_spawn("/bin/sh", ["sh", "-c", "exit 5"], {}),
        lambda: os.fork() or os._exit(5),
    ):
        for _ in range(5):
            pid = make()
            got = os.wait()
            assert got == (pid, 5 << 8), f"{pid} came as {got}"


def inherits():
    """A program that Python starts inherits what Python ignores."""
    text = subprocess.run(
        ["grep", "SigIgn", "/proc/self/status"], restore_signals=False, capture_output=True
    ).stdout
    ignored = int(text.split()[1], 16)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        assert ignored >> (number - 1) & 1, f"{number} is not ignored: {ignored:x}"


def broken():
    """A write that nobody reads is an exception, also where an extension module makes it."""
    for ends in (socket.socketpair(), socket.socketpair()):
        ends[1].close()
        try:
            ends[0].send(b"x")
        except BrokenPipeError:
            continue
        raise AssertionError("nothing was raised")


def reaps():
    """From here on a thread takes every child that it can get, as a supervisor does."""

    def reap():
        while True:
            try:
                os.wait()
            except ChildProcessError:
                time.sleep(0.001)

    threading.Thread(target=reap, daemon=True).start()


def ignores():
    """From here on nobody waits for Python's own children, which then leave no zombies."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def leaves():
    """The children that Python ignores leave no zombies, whoever else has children."""
    children = [os.posix_spawn("/bin/true", ["true"], {}) for _ in range(5)]
    deadline = time.monotonic() + 5
    while any(os.path.exists(f"/proc/{pid}") for pid in children):
        assert time.monotonic() < deadline, "a zombie is left"
        time.sleep(0.01)
    try:
        got = os.wait()
    except ChildProcessError:
        return
    raise AssertionError(f"an ignored child was waited for: {got}")


def load(_):
    return {
        "mask": mask,
        "child": child,
        "sigintnow": sigintnow,
        "exits": exits,
        "waits": waits,
        "inherits": inherits,
        "broken": broken,
        "reaps": reaps,
        "ignores": ignores,
        "leaves": leaves,
    }
