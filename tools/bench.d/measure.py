"""Measures one row: bare, libjsig and coexist by turns, in many short rounds."""

import os
import re
import statistics
import subprocess
import sys
from dataclasses import dataclass, field

import build


@dataclass
class Series:
    """One column of a row."""

    samples: list = field(default_factory=list)
    # Milliseconds of processor time, of programs that tell.
    cpu: list = field(default_factory=list)
    instructions: float | None = None

    @property
    def best(self):
        """What is left when nobody interrupts: the second percentile, not one lucky round."""
        ordered = sorted(self.samples)
        return ordered[len(ordered) // 50]

    @property
    def spread(self):
        return statistics.median(self.samples) / self.best - 1 if self.best else 0.0


class Bench:
    def __init__(self, library, passes, rounds, valgrind, first=False, tool=None):
        self.libraries = {"bare": None, "libjsig": build.libjsig(), "coexist": library}
        self.passes, self.rounds, self.valgrind = passes, rounds, valgrind
        self.first = first  # before all ordinary processes
        self.tool = tool
        self.owner = build.owner_offset(library)
        self.stripped = build.without_debug_information(library) if valgrind else None

    def columns(self, row):
        """name → (library, words) of each column that the row has."""
        tool = build.inspector(self.tool) if row.program == "inspect" else ""
        words = row.words.format(owner=self.owner, lean=build.lean(), inspect=tool)
        if row.kind == "absolute":
            return {"coexist": (self.libraries["coexist"], words)}
        if row.kind == "over":
            mine = self.libraries["coexist"]
            return {"base": (mine, row.base), "coexist": (mine, words)}
        return {
            name: (library, words)
            for name, library in self.libraries.items()
            if name != "libjsig" or library is not None
        }

    def measure(self, row):
        columns = self.columns(row)
        series = {name: Series() for name in columns}
        for _ in range(row.passes or self.passes):
            for name, (library, words) in columns.items():
                rounds = row.rounds or self.rounds
                output = self.run(row, library, words, rounds, row.operations)
                numbers = [float(n) / row.per for n in re.findall(r"^[\d.]+$", output, re.M)]
                series[name].samples += numbers
                series[name].cpu += map(float, re.findall(r"^cpu ([\d.]+) ms$", output, re.M))
        if self.valgrind and row.counted:
            for name, (library, words) in columns.items():
                library = self.stripped if name != "libjsig" and library else library
                series[name].instructions = self.count(row, library, words)
        return series

    def run(self, row, library, words, rounds, operations, under=()):
        command = [*under, build.PROGRAMS / row.program, rounds, operations, *words.split()]
        environment = {
            key: value
            for key, value in os.environ.items()
            if key != "LD_PRELOAD" and not key.startswith("COEXIST_")
        }
        environment["BENCH_FOLDER"] = str(build.PROGRAMS)
        environment["LEAN"] = environment["LD_LIBRARY_PATH"] = str(build.lean().parent)
        if row.program == "inspect":
            environment["COEXIST_LIBRARY"] = str(library)
        environment["BENCH_ROUNDS"] = str(rounds)
        environment["BENCH_OPERATIONS"] = str(operations)
        if library is not None:
            # The program that starts others is not measured itself.
            steps = under == [build.STEP]
            place = "BENCH_PRELOAD" if row.program == "start" or steps else "LD_PRELOAD"
            environment[place] = str(library)
        done = subprocess.run(
            [str(word) for word in command],
            capture_output=True, text=True, env=environment, cwd=build.PROGRAMS, timeout=300,
            preexec_fn=urgent if self.first else None,
        )
        if done.returncode != 0:
            if not under:
                sys.exit(f"error: {row.name} ended with {done.returncode}\n{done.stderr[-2000:]}")
            return ""
        return done.stdout + done.stderr

    def count(self, row, library, words):
        """User instructions of one operation, or None."""
        if row.counted == "steps":
            totals, operations = [self.collected(row, library, words, 20, [build.STEP])], 20
        else:
            # The difference of two runs, so that the start cancels.
            under = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
            totals = [self.collected(row, library, words, n, under) for n in (120, 20)]
            operations = 100
        if None in totals:
            return None
        return (totals[0] - sum(totals[1:])) / operations / row.per

    def collected(self, row, library, words, operations, under):
        output = self.run(row, library, words, 1, operations, under)
        found = re.search(r"Collected : (\d+)", output)
        return None if found is None or "Process terminating" in output else int(found[1])


def urgent():
    """In a child before exec: before all ordinary processes, where that is permitted. Else a busy
    machine is measured with it."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(20))
    except PermissionError:
        pass
