"""Runs the terminal sessions of Markdown pages, and compares what they print with what is shown.

Used by tools/docs. A page is one shell in an empty folder. What counts in it:

  ```console          '$ COMMAND' ('> MORE' goes on), then what it prints
  `NAME`: + a fence   the file NAME, written before what follows
  <!-- until: COMMAND -->     before a block: wait until the command succeeds
  <!-- not run: REASON -->    before a block: it is shown only

In what is shown '…' stands for anything, on a line of its own for any lines; numbers of four and
more digits, addresses, times, durations, indentation and the width of gaps may differ.
"""

import os
import re
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

MARK = "\x02status "
LIMIT = 90  # seconds a command may take
LOOSE = [
    (r"0x[0-9a-f]+", "0x[0-9a-f]+"),
    (r"\d{4}-\d\d-\d\d(?:[T ][\d:.]+Z?)?", r"\\d{4}-\\d\\d-\\d\\d(?:[T ][\\d:.]+Z?)?"),
    (r"\d\d:\d\d:\d\d(?:\.\d+)?", r"\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?"),
    (r"(?<![\d.])\d+(?:\.\d+)? (?:ns|µs|ms|s)\b", r"[\\d.]+ (?:ns|µs|ms|s)"),
    (r"(?<![\w.])\d+\.\d+s\b", r"[\\d.]+s"),
    (r"(?<![\w.])\d+[smhd] ago", r"\\d+[smhd] ago"),
    (r"(?<![\w.])\d{4,}(?![\w.])", r"\\d+"),
]


@dataclass
class Step:
    """A command of a session, a file to write, or a condition to wait for."""

    kind: str  # "run", "file", "until"
    text: str
    line: int
    name: str = ""
    shown: list = field(default_factory=list)
    last: int = 0  # line after what is shown


@dataclass
class Page:
    path: Path
    steps: list
    not_run: list  # (line, reason)
    problems: list


def read(path):
    """The steps of a page, in order."""
    lines = path.read_text().splitlines()
    page = Page(path, [], [], [])
    number, pending = 0, {}
    while number < len(lines):
        line = lines[number]
        if found := re.fullmatch(r"<!-- (until|not run): (.+) -->", line):
            pending[found[1]] = found[2]
        elif line.startswith("```"):
            end = next(i for i in range(number + 1, len(lines)) if lines[i].strip() == "```")
            _block(page, line[3:].strip(), lines, number + 1, end, pending)
            pending = {}
            number = end
        elif re.match(r" {4}(coexist-inspect |tools/|LD_PRELOAD=|\$ )", line):
            page.problems.append((number + 1, "a command outside of a ```console block"))
        elif line.strip():
            pending.pop("name", None)
            if found := re.search(r"`([\w./-]+)`:$", line):
                pending["name"] = found[1]
        number += 1
    return page


def _block(page, language, lines, start, end, pending):
    if "not run" in pending:
        page.not_run.append((start, pending["not run"]))
        return
    if language == "console":
        if "until" in pending:
            page.steps.append(Step("until", pending["until"], start))
        for number in range(start, end):
            line = lines[number]
            if line.startswith("$ "):
                page.steps.append(
                    Step("run", line[2:], number + 1, pending.get("name", ""), last=number + 1))
            elif line.startswith("> ") and page.steps and not page.steps[-1].shown:
                page.steps[-1].text += "\n" + line[2:]
                page.steps[-1].last = number + 1
            else:
                page.steps[-1].shown.append(line)
                page.steps[-1].last = number + 1
    elif "name" in pending:
        text = "\n".join(lines[start:end]) + "\n"
        page.steps.append(Step("file", text, start, name=pending["name"]))
    elif language in ("sh", "bash", "shell", ""):
        page.problems.append((start, "commands that are not run: make it ```console"))


def matches(shown, real):
    """Whether the real lines are what the page shows."""
    pattern = ""
    for line in shown:
        pattern += r"(?:.*\n)*?" if line.strip() == "…" else _line(line) + r"\n"
    return re.fullmatch(pattern, "".join(line.strip() + "\n" for line in real)) is not None


def _line(line):
    pieces = []
    for piece in line.strip().split("…"):
        # Numbered holes, so that no rule looks at what another put in.
        held = []

        def hold(pattern):
            held.append(pattern)
            return f"\x00{chr(0xE000 + len(held) - 1)}"

        for what, pattern in LOOSE:
            piece = re.sub(what, lambda _: hold(pattern.replace("\\\\", "\\")), piece)
        piece = re.sub(r" {2,}", lambda _: hold(" +"), piece)
        piece = re.escape(piece).replace("\\\x00", "\x00")
        piece = re.sub("\x00(.)", lambda hole: held[ord(hole[1]) - 0xE000], piece)
        pieces.append(piece)
    return ".*".join(pieces)


class Shell:
    """One bash for a page."""

    def __init__(self, folder, environment, names):
        self.folder, self.names = folder, names
        self.process = subprocess.Popen(
            ["bash", "--norc", "-s"], cwd=folder / "home", env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True, preexec_fn=_plain_signals)

    def run(self, command):
        """Runs it in this shell. Returns its lines and its exit status."""
        real, shown = self.names[0]
        command = command.replace(shown, real)
        script = self.folder / "command"
        script.write_text(command + "\n")
        self.process.stdin.write(f". {script} </dev/null; printf '\\n{MARK}%d\\n' $?\n")
        self.process.stdin.flush()
        watch = threading.Timer(LIMIT, self.kill)
        watch.start()
        lines = []
        for line in self.process.stdout:
            if line.startswith(MARK):
                watch.cancel()
                if lines and lines[-1] == "":
                    lines.pop()
                return lines, int(line[len(MARK):])
            lines.append(self._clean(line.rstrip("\n")))
        watch.cancel()
        raise RuntimeError("the shell ended")

    def _clean(self, line):
        for real, shown in self.names:
            line = line.replace(real, shown)
        # What an interactive shell says when a program dies.
        died = re.match(r"\S+: line \d+: +\d+ ([A-Z][a-z][\w ]*?)( \(core dumped\))?(  .*)?$", line)
        return died[1] + (died[2] or "") if died else line

    def write(self, name, text):
        target = self.folder / "home" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def until(self, condition):
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            if self.run(condition)[1] == 0:
                return True
            time.sleep(0.1)
        return False

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def close(self):
        self.kill()
        self.process.wait()


def _plain_signals():
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def play(page, shell):
    """Runs a page. Yields (step, real lines, problem or None)."""
    for step in page.steps:
        if step.kind == "file":
            shell.write(step.name, step.text)
        elif step.kind == "until":
            if not shell.until(step.text):
                yield step, [], f"never true: {step.text}"
        else:
            real, status = shell.run(step.text)
            if not matches(step.shown, real):
                yield step, real, "it prints something else"
            elif status and not step.shown:
                yield step, real, f"exit status {status}"
            else:
                yield step, real, None
