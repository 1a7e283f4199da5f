"""The main job: HotSpot, .NET, Wasmtime, a Go library and CPython's faulthandler in one process.

    five.py jvm17,net,wasm,go127,fh              loads them in that order and takes every step
    five.py jvm17,net,wasm,go127,fh jvm17.npe    only this step
    five.py --list                               prints the steps, with what each does

Each step prints 'RESULT True at STEP', and 'RESULT True at five' follows when all were right.
The step 'crash.segv' is a true bug in a C library, and ends the process.
"""

import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import driver

STEPS = {
    "jvm17.npe": "Java null check",
    "net.nre": ".NET NullReferenceException",
    "wasm.unr": "Wasm unreachable",
    "go127.nil": "Go nil panic",
    "jvm17.div": "Java division by zero",
    "net.div": ".NET division by zero",
    "wasm.div": "Wasm division by zero",
    "jvm17.so": "Java stack overflow",
    "jvm17.sot": "Java stack overflow, new thread",
    "wasm.so": "Wasm stack overflow",
    "go127.nilg": "Go nil panic, goroutine",
    "go127.nilthread": "Go nil panic, new thread",
    "net.nret": ".NET null reference, new thread",
    "wasm.oob": "Wasm out of bounds",
    "jvm17.gc": "Java GC safepoints",
    "net.gc": ".NET GC",
    "together": "all four fault at once, threads",
    "py.mask": "no signal left blocked",
    "py.child": "children end on SIGTERM",
}
CRASH = {"crash.segv": "a true crash in a C library"}

# What each thread of 'together' repeats; a Wasmtime store belongs to one thread at a time.
PARTS = {
    "jvm17": ("npe", "div"),
    "net": ("nre", "div"),
    "wasm": ("unr", "oob", "div"),
    "go127": ("nil", "nilg"),
}
ROUNDS = 20


def together(checks):
    """Each runtime faults on a thread of its own while the others do."""
    wrong = []

    def repeat(runtime, names):
        try:
            for _ in range(ROUNDS):
                for name in names:
                    checks[runtime][name]()
        except BaseException as error:
            wrong.append(f"{runtime}: {error!r}")

    threads = [threading.Thread(target=repeat, args=part) for part in PARTS.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, "; ".join(wrong)


def main(order, steps):
    checks = driver.load_all(["crash", *order.split(",")])
    passed = True
    for step in steps:
        runtime, _, name = step.partition(".")
        check = checks[runtime][name] if name else lambda: together(checks)
        passed &= driver.run(step, check)
    print(f"RESULT {passed} at five", flush=True)
    return 0 if passed else 3


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        for step, what in (STEPS | CRASH).items():
            print(f"{step}\t{what}")
    elif len(sys.argv) in (2, 3):
        sys.exit(main(sys.argv[1], sys.argv[2].split(",") if sys.argv[2:] else STEPS))
    else:
        driver.usage("five.py ORDER [STEP,…]")
