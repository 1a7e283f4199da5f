"""Whole programs of each runtime, one runtime each: bare and preloaded by turns.

With one party to everything the library has nothing to do, so a program may not take longer. What
is compared is processor time of the program and its children. Others only add to it, so the second
fastest run of each kind counts; the middle ratio of all pairs, and what half of them lie between,
say how quiet the machine was. Each pair is in the other order than the one before.
"""

import os
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass, field

import build
from measure import urgent

HERE = build.SOURCES / "macro"
MADE = build.PROGRAMS / "macro"
RUNTIMES = build.ROOT / ".runtimes"
BUDGET = 1.01


@dataclass
class Workload:
    name: str
    title: str
    command: list
    environment: dict = field(default_factory=dict)
    make: list = field(default_factory=list)  # commands

    @property
    def missing(self):
        """The first program that is not there: tools/setup installs it."""
        words = [self.command[0]] if not self.make else [self.make[0][0], self.command[0]]
        outside = [word for word in words if not str(word).startswith(str(MADE))]
        return next((word for word in outside if shutil.which(word) is None), None)


def workloads():
    """In the order of the table. Every runtime loads the library: Go does with cgo only."""
    java17, java25 = RUNTIMES / "jdk17/bin", RUNTIMES / "jdk25/bin"
    go = {"GOCACHE": RUNTIMES / "cache/go", "GOPROXY": "off", "GOTOOLCHAIN": "local",
          "CGO_ENABLED": "1"}
    lean = build.lean().parent
    compile_java = [[java17 / "javac", "-d", MADE, HERE / "Work.java"]]
    compile_net = [["mcs", "-nologo", f"-out:{MADE}/Work.dll", HERE / "Work.cs"]]
    settings = build.ROOT / "Tests/Runtimes/dotnet/Faults.runtimeconfig.json"
    return [
        Workload("jvm17", "HotSpot 17: collector, threads, null checks",
                 [java17 / "java", "-cp", MADE, "Work"], make=compile_java),
        Workload("jvm25", "HotSpot 25: the same",
                 [java25 / "java", "-cp", MADE, "Work"], make=compile_java),
        Workload("javac", "HotSpot 17: `javac` compiles a class",
                 [java17 / "javac", "-d", MADE, HERE / "Work.java"]),
        Workload("go", "Go 1.27 with cgo: goroutines, collector, calls of C",
                 [MADE / "work-go"], go, [[
                     RUNTIMES / "go127/bin/go", "build", "-o", MADE / "work-go",
                     HERE / "work.go"]]),
        Workload("node", "Node.js: V8's collector, promises, workers", ["node", HERE / "work.js"]),
        Workload("python", "CPython 3.11: bytecode, threads, children",
                 [RUNTIMES / "venv/bin/python", HERE / "work.py"]),
        Workload("dotnet", ".NET Core 3.1: collector, threads, null references",
                 [RUNTIMES / "dotnet/dotnet", "exec", "--runtimeconfig", settings,
                  MADE / "Work.dll"], make=compile_net),
        Workload("mono", "Mono 6.8: the same assembly", ["mono", MADE / "Work.dll"],
                 make=compile_net),
        Workload("mojo", "Mojo 1.2: tasks, lists", [MADE / "work-mojo"], {}, [
            [RUNTIMES / "venv/bin/mojo", "build", HERE / "work.mojo", "-o", MADE / "work-mojo"]]),
        Workload("lean", "Lean 4.35: a logic program", [MADE / "lean"],
                 {"LEAN": lean, "LD_LIBRARY_PATH": lean},
                 [["cc", "-O2", HERE / "lean.c", "-o", MADE / "lean"]]),
        Workload("ruby", "Ruby 3.1: collector, threads, fibers, children",
                 ["ruby", HERE / "work.rb"]),
        Workload("ocaml", "OCaml 4.13: both collectors, exceptions", [MADE / "work-ml"], {}, [
            ["cp", HERE / "work.ml", MADE],
            ["ocamlopt", "-I", "+threads", "unix.cmxa", "threads.cmxa", MADE / "work.ml", "-o",
             MADE / "work-ml"]]),
        Workload("sbcl", "SBCL 2.2.9: its collector takes faults",
                 ["sbcl", "--script", HERE / "work.lisp"]),
    ]


@dataclass
class Run:
    cpu: float  # seconds
    answer: str


def run(workload, library):
    """One run to its end, before all ordinary processes where that is permitted."""
    environment = surroundings(workload)
    if library is not None:
        environment["LD_PRELOAD"] = str(library)
    child = subprocess.Popen(
        [str(word) for word in workload.command], env=environment, cwd=MADE, preexec_fn=urgent,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    answer = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        how = "under coexist" if library else "bare"
        sys.exit(f"error: {workload.name} ended with {child.returncode} {how}")
    return Run(used.ru_utime + used.ru_stime, answer)


def surroundings(workload):
    kept = {name: value for name, value in os.environ.items()
            if name != "LD_PRELOAD" and not name.startswith("COEXIST_")}
    return kept | {name: str(value) for name, value in workload.environment.items()}


def prepare(workload, library):
    """Builds it, and makes sure that the library is loaded into it: static programs load none."""
    MADE.mkdir(parents=True, exist_ok=True)
    for command in workload.make:
        done = subprocess.run([str(word) for word in command], cwd=MADE, text=True,
                              env=surroundings(workload), capture_output=True)
        if done.returncode != 0:
            sys.exit(f"error: {workload.name} was not built\n{done.stderr[-2000:]}")
    program = shutil.which(workload.command[0])
    listed = subprocess.run(
        [program], capture_output=True, text=True,
        env=surroundings(workload) | {"LD_TRACE_LOADED_OBJECTS": "1", "LD_PRELOAD": str(library)})
    if library.name not in listed.stdout:
        sys.exit(f"error: {workload.name} does not load {library.name}")


def measure(workload, library, pairs):
    """The object of the JSON. The first pair warms the caches and tells whether answers agree."""
    prepare(workload, library)
    if run(workload, None).answer != run(workload, library).answer:
        sys.exit(f"error: {workload.name} gives another answer under coexist")
    bare, mine = [], []
    for number in range(pairs):
        for own in ((False, True) if number % 2 == 0 else (True, False)):
            (mine if own else bare).append(run(workload, library if own else None))
    ratios = [m.cpu / b.cpu for m, b in zip(mine, bare)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    best, own = (sorted(one.cpu for one in runs)[1] for runs in (bare, mine))
    return {
        "name": workload.name, "what": workload.title, "pairs": pairs,
        "ratio": round(own / best, 4), "middle": round(middle, 4), "low": round(low, 4),
        "high": round(high, 4), "cpu_s": round(best, 3),
        "met": round(own / best, 2) <= BUDGET,
    }


def line(entry):
    verdict = "met" if entry["met"] else "NOT MET"
    return (f"{entry['name']:<8} {entry['what']:<52} {entry['cpu_s']:6.2f} s "
            f"{entry['ratio']:7.3f}x {entry['middle']:8.3f}x {entry['low']:7.3f} to "
            f"{entry['high']:.3f}  {verdict}")


HEADING = (f"{'runtime':<8} {'what it does':<52} {'bare':>8} {'CPU':>8} {'middle':>9} "
           f"{'half of the pairs':>17}")


def run_all(library, pairs, chosen):
    """Measures and prints each; returns the objects."""
    print(HEADING)
    objects = []
    for workload in workloads():
        if not chosen(workload.name):
            continue
        if workload.missing:
            print(f"{workload.name:<8} skipped: {workload.missing} is absent")
            continue
        objects.append(measure(workload, library, pairs))
        print(line(objects[-1]), flush=True)
    return objects
