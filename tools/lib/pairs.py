"""Every ordered pair of runtimes with every workload: bare, under libjsig, and under coexist.

Used by tools/matrix --every-pair. A workload is a check that its runtime passes alone, so nothing
is recorded here: what is asked is whether it still passes beside another runtime. All checks of a
pair are run in one process first; only where that does not go well, each in a process of its own.
"""

import datetime
import fnmatch
import hashlib
import html
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import runner

JOURNAL = str(runner.ROOT / ".build-pairs.jsonl")
MODES = ("bare", "libjsig", "coexist")
# Not runtimes of their own: second copies, variants, and what ends the process on purpose.
LEFT_OUT = {"boA", "crash", "fhoff", "go119b", "go127b", "monochain"}
# Checks that bring a second runtime along, and what changes the host for those that follow.
NOT_ALONE = {"ingo", "ignores", "leaves", "reaps"}
HOST = "py"
TRIES = 3  # of a check alone, and of all where each passes alone: a busy machine may be slow
SAID_FALSE = 3  # the driver's status when a check has failed and nobody has died
PATIENCE = 3  # as in tools/matrix: bare many hang, under coexist none may
TOGETHER = "together"  # all checks of a pair in one process
# What coexist does not make pass, and why: patterns of the pair and of the check.
KNOWN = [
    ("ecl,guile", "*", "one libgc, which each sets up for itself alone: the second dies at once"),
    ("guile,ecl", "*", "one libgc, which each sets up for itself alone: the second dies at once"),
    ("jvm17,mono", "jvm17.so", "two guard pages on one thread"),
    ("jvm17,mono", TOGETHER, "two guard pages on one thread"),
    ("v8,mono", "*", "Mono needs memory below 4 GiB, and V8 has reserved all of it: Mono first"),
    # Bare in three of four runs: a double that HotSpot's G1 divides by zero becomes a SIGFPE.
    ("ecl,jvm17", "jvm17.jfr", "HotSpot's threads inherit the floating-point traps that ECL opens"),
    ("ecl,jvm17", TOGETHER, "HotSpot's threads inherit the floating-point traps that ECL opens"),
]


@dataclass
class Cell:
    """One check beside one other runtime, in one order."""

    pair: str
    check: str
    runs: dict = field(default_factory=lambda: {mode: [] for mode in MODES})  # how each ended

    def passed(self, mode):
        return sum(end == "ok" for end in self.runs[mode])

    def is_whole(self, mode):
        return bool(self.runs[mode]) and self.passed(mode) == len(self.runs[mode])

    @property
    def why_not(self):
        """Why it does not pass under coexist, where that is known."""
        for pair, check, reason in KNOWN:
            if self.pair == pair and fnmatch.fnmatchcase(self.check, check):
                return reason
        return None

    def state(self, reachable):
        """What coexist makes of it. `reachable`: it passes in some order, or under libjsig."""
        if self.is_whole("coexist"):
            return "same" if self.is_whole("bare") else "mended"
        if self.why_not:
            return "known"
        bare, coexist = self.runs["bare"], self.runs["coexist"]
        if self.passed("coexist") * len(bare) < self.passed("bare") * len(coexist):
            return "worse"
        return "open" if reachable else "nobody"


class Journal:
    """What has been run, a line each, so that an interrupted run goes on. What was run under other
    libraries of ours is forgotten."""

    def __init__(self, path, library):
        self.path = path
        self.library = hashlib.sha256(library.read_bytes()).hexdigest()[:16]
        self.done = {}
        if path.exists():
            for line in path.read_text().splitlines():
                entry = json.loads(line)
                if entry["mode"] != "coexist" or entry["library"] == self.library:
                    self.done[entry["pair"], entry["mode"]] = entry["endings"]

    def add(self, pair, mode, endings):
        self.done[pair, mode] = endings
        entry = {"pair": pair, "mode": mode, "library": self.library, "endings": endings}
        with self.path.open("a") as file:
            file.write(json.dumps(entry) + "\n")


def drive(argument, library, timeout):
    return runner.run([runner.PYTHON, runner.FIXTURES / "driver.py", argument], library, timeout)


class Pairs:
    def __init__(self, arguments, libraries):
        self.arguments, self.libraries = arguments, libraries
        self.journal = Journal(Path(arguments.journal), libraries["coexist"])
        self.workloads = {}
        self.notes = {}

    def run(self, order, checks, mode, timeout):
        """Runs checks in one process. Returns how it went and which of them have passed."""
        if mode == "coexist":
            timeout *= PATIENCE
        ending = drive(f"{order}/{','.join(checks)}", self.libraries[mode], timeout)
        passed = {name for ok, name in ending.results if ok}
        return ending, passed

    def find_workloads(self, names):
        """The checks that each runtime passes alone, with the host's after them."""

        def one(name):
            known = self.journal.done.get((name, "bare"))
            if known is None:
                known = self.alone(name)
                self.journal.add(name, "bare", known)
            return name, sorted(check for check, end in known.items() if end == ["ok"])

        with ThreadPoolExecutor(self.arguments.jobs) as pool:
            self.workloads = dict(pool.map(one, names))

    def alone(self, name):
        listed = drive(f"{name}/", None, self.arguments.timeout * PATIENCE)
        endings = {}
        for line in listed.output.splitlines():
            if not line.startswith("CHECK ") or line.rpartition(".")[2] in NOT_ALONE:
                continue
            check = line.split()[1]
            for _ in range(TRIES):
                ending, passed = self.run(name, [check], "bare", self.arguments.timeout)
                if ending.status == 0 and check in passed:
                    endings[check] = ["ok"]
                    break
            else:
                endings[check] = [runner.describe(ending.status)]
        return endings

    def checks(self, pair):
        first, second = pair.split(",")
        everyone = [c for name in (first, second) for c in self.workloads[name]]
        host = [c for c in self.workloads[first] if c.startswith(HOST)]
        return [c for c in everyone if not c.startswith(HOST)] + host

    def measure(self, pair, mode):
        """All checks of a pair in one mode: how each ended, as a list of 'ok' or a status."""
        if (pair, mode) in self.journal.done:
            return
        checks = self.checks(pair)
        timeout = self.arguments.timeout
        ending, passed = self.run(pair, checks, mode, timeout + 2 * len(checks))
        if ending.status == 0 and passed >= set(checks):
            endings = {check: ["ok"] for check in [*checks, TOGETHER]}
        else:
            endings = {check: self.repeat(pair, check, mode) for check in checks}
            left = TRIES - 1 if all(set(ends) == {"ok"} for ends in endings.values()) else 0
            while left > 0 and ending.status == SAID_FALSE:
                left -= 1
                ending, passed = self.run(pair, checks, mode, timeout + 2 * len(checks))
            good = ending.status == 0 and passed >= set(checks)
            endings[TOGETHER] = ["ok" if good else runner.describe(ending.status)]
        self.journal.add(pair, mode, endings)

    def repeat(self, pair, check, mode):
        """Once; under coexist, where it matters whether it always passes, as often as asked."""
        ends = []
        for _ in range(self.arguments.runs if mode == "coexist" else 1):
            ending, passed = self.run(pair, [check], mode, self.arguments.timeout)
            good = ending.status == 0 and check in passed
            ends.append("ok" if good else runner.describe(ending.status))
        return ends

    def cells(self, pairs):
        for pair in pairs:
            for check in [*self.checks(pair), TOGETHER]:
                cell = Cell(pair, check)
                for mode in MODES:
                    cell.runs[mode] = self.journal.done.get((pair, mode), {}).get(check, [])
                yield cell


def reachable(cell, table):
    """Does the check pass for anybody, in either order?"""
    first, second = cell.pair.split(",")
    other = table.get((f"{second},{first}", cell.check))
    ways = [cell.runs["bare"], cell.runs["libjsig"]]
    if other:
        ways += [other.runs["bare"], other.runs["libjsig"]]
    return any(ends and all(end == "ok" for end in ends) for ends in ways)


def order(names, arguments):
    chosen = [name for name in names if not arguments.case or name in arguments.case]
    return [f"{a},{b}" for a in chosen for b in chosen if a != b]


def main(arguments, names, libjsig, library):
    libraries = {"bare": None, "libjsig": libjsig, "coexist": library}
    work = Pairs(arguments, libraries)
    names = [name for name in names if name not in LEFT_OUT and name != HOST]
    work.find_workloads(names)
    pairs = order(names, arguments)
    total = len(pairs) * len(MODES)
    done = sum((pair, mode) in work.journal.done for pair in pairs for mode in MODES)
    print(f"{len(pairs)} ordered pairs; {done} of {total} runs are in {arguments.journal}",
          flush=True)
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for pair in pairs:
            for mode in MODES:
                pool.submit(show_progress, work, pair, mode)
    return report(work, pairs, names, arguments)


def show_progress(work, pair, mode):
    if (pair, mode) in work.journal.done:
        return
    work.measure(pair, mode)
    endings = work.journal.done[pair, mode]
    bad = [f"{c} {'/'.join(sorted(set(e) - {'ok'}))}" for c, e in endings.items()
           if set(e) != {"ok"}]
    print(f"{pair:<16} {mode:<8} {'; '.join(bad) or 'ok'}", flush=True)


def report(work, pairs, names, arguments):
    cells = list(work.cells(pairs))
    table = {(cell.pair, cell.check): cell for cell in cells}
    states = {(c.pair, c.check): c.state(reachable(c, table)) for c in cells}
    counts = Counter(states.values())
    if arguments.json:
        Path(arguments.json).write_text(document(names, cells, states))
    if arguments.html:
        Path(arguments.html).write_text(page(names, cells, states))
    for cell in cells:
        if states[cell.pair, cell.check] in ("worse", "open"):
            ends = {mode: dict(Counter(cell.runs[mode])) for mode in MODES}
            print(f"{states[cell.pair, cell.check]}: {cell.pair} {cell.check} {ends}")
    whole = {mode: sum(c.is_whole(mode) for c in cells) for mode in MODES}
    print(f"{len(cells)} cells pass: " + ", ".join(f"{m} {n}" for m, n in whole.items()))
    print(", ".join(f"{counts[s]} {s}" for s in reversed(WORST)))
    failed = counts["worse"] + counts["open"]
    print(f"{len(cells) - failed} passed, {failed} failed")
    return 1 if failed else 0


def document(names, cells, states):
    """The result as JSON: each pair's checks, how many pass, and what is not the same as bare."""
    pairs = {}
    for cell in cells:
        counts = pairs.setdefault(cell.pair, Counter(checks=0))
        counts["checks"] += 1
        for mode in MODES:
            counts[mode] += cell.is_whole(mode)
    differing = [
        {"pair": c.pair, "check": c.check, "state": states[c.pair, c.check]}
        | ({"why": c.why_not} if states[c.pair, c.check] == "known" else {})
        | {mode: dict(Counter(c.runs[mode])) for mode in MODES}
        for c in cells if states[c.pair, c.check] != "same"
    ]
    lines = [f" {json.dumps(pair)}: {json.dumps(counts)}" for pair, counts in pairs.items()]
    others = [f" {json.dumps(entry)}" for entry in differing]
    chosen = [name for name in names if any(name in pair.split(",") for pair in pairs)]
    return "\n".join([
        f'{{"schema": "coexist.pairs/1", "date": "{datetime.date.today()}",',
        f'"runtimes": {json.dumps(chosen)},',
        '"pairs": {', ",\n".join(lines), "},",
        '"differing": [', ",\n".join(others), "]}", ""])


STYLE = """
body { font: 14px system-ui, sans-serif; margin: 2em; color-scheme: light dark; }
table { border-collapse: collapse; } td, th { border: 1px solid #8886; padding: 2px 5px; }
td { text-align: center; min-width: 2.2em; } th { font-weight: 500; text-align: left; }
.same { background: #8bc34a55; } .mended { background: #2196f377; }
.nobody, .known { background: #9e9e9e55; }
.open { background: #ff980088; } .worse { background: #f4433688; }
"""
LEGEND = {
    "same": "passes bare and under coexist",
    "mended": "fails bare, passes under coexist",
    "nobody": "passes in no order, under nothing",
    "known": "fails bare and under coexist; the box says why",
    "open": "fails under coexist, passes in the other order or under libjsig",
    "worse": "passes bare, fails under coexist",
}
WORST = ("worse", "open", "known", "nobody", "mended", "same")


def page(names, cells, states):
    """The table as one HTML file: a row for the runtime that came first, a column for the other."""
    by_pair = {}
    for cell in cells:
        by_pair.setdefault(cell.pair, []).append(cell)
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    rows = []
    for first in names:
        row = [f"<th>{html.escape(first)}</th>"]
        for second in names:
            mine = by_pair.get(f"{first},{second}", [])
            row.append(box(mine, states) if mine else "<td></td>")
        rows.append("<tr>" + "".join(row) + "</tr>")
    legend = "".join(f"<li><span class={s}>{s}</span> {LEGEND[s]}</li>" for s in WORST)
    return (
        "<!doctype html><meta charset=utf-8><title>coexist: every pair</title>"
        f"<style>{STYLE}</style>"
        f"<h1>Every pair of runtimes</h1><p>Row: loaded first. A box counts the checks of its pair "
        f"that pass bare and under coexist; its colour is that of the worst.</p><ul>{legend}</ul>"
        f"<table><tr><th></th>{head}</tr>{''.join(rows)}</table>\n"
    )


def box(cells, states):
    worst = min((states[c.pair, c.check] for c in cells), key=WORST.index)
    lines = [
        f"{c.check}: " + ", ".join(f"{m} {c.passed(m)}/{len(c.runs[m])}" for m in MODES)
        + (f" ({c.why_not})" if states[c.pair, c.check] == "known" else "")
        for c in cells
    ]
    text = f"{sum(c.is_whole('bare') for c in cells)}→{sum(c.is_whole('coexist') for c in cells)}"
    return f'<td class={worst} title="{html.escape(chr(10).join(lines))}">{text}</td>'
