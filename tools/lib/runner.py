"""Runs one real-runtime check in a process of its own, with a time limit, and says how it ended.

Used by tools/matrix and tools/demo.
"""

import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Tests" / "Runtimes"
RUNTIMES = ROOT / ".runtimes"
PYTHON = RUNTIMES / "venv" / "bin" / "python"

# What the caller's environment must not bring in: it would change what is measured.
NEVER_INHERITED = re.compile(
    r"LD_PRELOAD|PYTHON\w*|PYTEST_\w*|JAVA_TOOL_OPTIONS|_JAVA_\w*|GODEBUG|DOTNET_\w*|MONO_\w*|"
    r"SWIFT_BACKTRACE|RUST_BACKTRACE"
)
HANG = 124  # the exit status of timeout(1)
MOST_OUTPUT = 1 << 20

# A shell ignores Ctrl-C in what it starts in the background, and nohup SIGHUP; programs would
# inherit that.
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)

# Inherited by all runs: hundreds of them die, and their core files would fill the disk.
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@dataclass
class Ending:
    """How one run ended."""

    status: int  # as a shell shows it: 128 + N for signal N, 124 for the time limit
    seconds: float
    output: str
    results: list  # (True or False, check) as the fixture printed them

    def passed(self):
        return self.status == 0 and bool(self.results) and all(ok for ok, _ in self.results)

    def matches(self, expected):
        """Whether it ended with one of the recorded statuses and all of the recorded texts."""
        return self.status in expected["exit"] and all(
            text in self.output for text in expected.get("text", [])
        )


def describe(status):
    """139 as '139(SIGSEGV)', 124 as '124(hang)'."""
    if status == HANG:
        return f"{HANG}(hang)"
    try:
        return f"{status}({signal.Signals(status - 128).name})" if status > 128 else str(status)
    except ValueError:
        return str(status)


def environment(library, extra):
    kept = {k: v for k, v in os.environ.items() if not NEVER_INHERITED.fullmatch(k)}
    if library is None:
        kept = {k: v for k, v in kept.items() if not k.startswith("COEXIST_")}
    else:
        kept["LD_PRELOAD"] = str(library)
    kept["PYTHONDONTWRITEBYTECODE"] = "1"  # the fixtures' folders stay as they are in git
    return kept | extra


def run(command, library=None, timeout=15.0, extra=None):
    """Runs COMMAND in an empty folder and its own process group, preloaded with LIBRARY or bare."""
    with tempfile.TemporaryDirectory(prefix="coexist-") as folder:
        log = Path(folder, "output")
        started = time.monotonic()
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment(library, extra or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            status = HANG
        seconds = time.monotonic() - started
        end_group(process)
        text = log.read_text(errors="replace")
    results = re.findall(r"RESULT (True|False) at (\S+)", text)
    results = [(said == "True", name) for said, name in results]
    status = 128 - status if status < 0 else status
    if library is not None and "cannot be preloaded" in text:
        sys.exit(f"error: the dynamic linker does not load {library}")
    return Ending(status, seconds, text[:MOST_OUTPUT], results)


def end_group(process):
    """Ends what is left of the run's process group: the process itself, its children, or both."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def find_library(given=None):
    """The library to preload: the given one, else the release build, else the debug build."""
    if given:
        path = Path(given).resolve()
        if not path.exists():
            sys.exit(f"error: no library at {given}")
        return path
    for build in ("release", "debug"):
        path = ROOT / ".build" / build / "libcoexist.so"
        if path.exists():
            return path.resolve()
    sys.exit("error: libcoexist.so is not built\n help: run 'swift build -c release'")


def require_fixtures():
    if not PYTHON.exists():
        sys.exit("error: the runtimes are not installed\n help: run tools/setup")
