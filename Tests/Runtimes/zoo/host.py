"""Python's own part of the zoo, on its main thread: a profiler's timer, signals, children."""

import os
import signal
import subprocess
import time

import driver

ticks = 0
calls = 0


def tick(*_):
    global ticks
    ticks += 1


def count(*_):
    global calls
    calls += 1


def start():
    """Before anybody else is there, as a program's own handlers are."""
    signal.signal(signal.SIGPROF, tick)
    signal.setitimer(signal.ITIMER_PROF, 0.02, 0.02)
    signal.signal(signal.SIGUSR2, count)


def timer():
    """The timer of processor time goes on. A lost one would make this wait for ever: a hang."""
    before = ticks
    while ticks < before + 3:
        sum(range(1000))


def usr2():
    """HotSpot and JFR use the number for their own; Python gets each of its own, and no other."""
    for _ in range(5):
        before = calls
        os.kill(os.getpid(), signal.SIGUSR2)
        while calls == before:
            time.sleep(0.001)
        assert calls == before + 1, f"{calls - before} calls for one signal"


def interrupt():
    """Ctrl-C from another process interrupts Python, not one of the others."""
    sender = subprocess.Popen(
        ["/bin/sh", "-c", "read line; kill -INT $PPID"], stdin=subprocess.PIPE, env={}
    )
    try:
        sender.stdin.write(b"\n")
        sender.stdin.close()
        while True:
            time.sleep(0.01)
    except KeyboardInterrupt:
        pass
    assert sender.wait() == 0, sender.returncode


def child():
    """A child that was started now can be ended by SIGTERM."""
    process = subprocess.Popen(["sleep", "600"])
    process.terminate()
    status = process.wait()
    assert status == -signal.SIGTERM, f"the child ended with {status}"


def checks():
    python = driver.load("py")
    often = {"timer": timer, "usr2": usr2, "interrupt": interrupt, "mask": python["mask"]}
    return often, {"child": child, "exits": python["exits"], "waits": python["waits"]}
