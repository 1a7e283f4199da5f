"""The programs: how each is built and run, and how it may end."""

import re
import struct
import subprocess
import sys
import tempfile
import threading
import tomllib
from pathlib import Path

import calls
import runner

BUILT = runner.ROOT / ".build-test" / "faults"
FIXTURES = runner.ROOT / "Tests" / "Fixtures"
FLAGS = ["-D_GNU_SOURCE", "-O1", "-g", "-pthread", "-I."]
PATIENCE = 60.0  # seconds, on a busy machine; bare ones that hang get less
HEAD = 5  # words of struct faults (faults.h) before the counters
CONTAINER = {"L040", "L041", "L042"}  # it could not be opened, closed, held together
MESSAGE = re.compile(r"^coexist(?:\[\d+\])?: (?:\w+\[)?(\w+)", re.M)


def compile_with(arguments):
    subprocess.run(arguments, cwd=FIXTURES, check=True)


def build_tools():
    BUILT.mkdir(parents=True, exist_ok=True)
    subprocess.run([runner.ROOT / "tools" / "faults.d" / "build", BUILT], check=True)


def build_fixture(source):
    """Builds a fixture as its first lines say (Tests/PreloadTests/README.md)."""
    folder = BUILT / source.replace("/", "-").partition(".")[0]
    folder.mkdir(parents=True, exist_ok=True)
    flags, libraries, traced = [], [], False
    for line in (FIXTURES / source).read_text().splitlines():
        if not line.startswith("//"):
            break
        key, _, value = line.removeprefix("//").strip().partition(": ")
        if key in ("library", "plugin"):
            name, _, file, *more = value.split()
            product = folder / f"lib{name}.so"
            compile_with(["cc", "-std=gnu11", *FLAGS, file, "-fPIC", "-shared",
                          f"-Wl,-soname,lib{name}.so", f"-DNAME={name}", *more, "-o", product])
            if key == "library":
                libraries.append(product)
        elif key == "flags":
            flags += value.split()
        traced |= key == "through"
    language = ["c++", "-std=gnu++17"] if source.endswith(".cc") else ["cc", "-std=gnu11"]
    program = folder / "program"
    compile_with([*language, *FLAGS, source, f"-Wl,-rpath,{folder}", "-Wl,--no-as-needed",
                  *libraries, *flags, "-o", program])
    if not traced:
        return [str(program)]
    tracer = folder / "tracer"
    compile_with(["cc", "-std=gnu11", *FLAGS, "support/tracer.c", "-static", "-o", tracer])
    return [str(tracer), str(program)]


class Program:
    def __init__(self, name, entry):
        self.name, self.entry = name, entry
        self.ci = entry.get("ci", 0)
        self.environment, self.bare_statuses = {}, []
        self.is_real = "check" in entry

    def build(self):
        if self.is_real:
            runner.require_fixtures()
            document = tomllib.loads((runner.FIXTURES / "matrix.toml").read_text())
            case = document["case"].get(self.entry.get("case"), {})
            places = {"check": self.entry["check"], "fixtures": runner.FIXTURES,
                      "python": runner.PYTHON, "runtimes": runner.RUNTIMES}
            words = case.get("command", document["command"])
            self.command = [word.format(**places) for word in words]
            recorded = case.get("fail", {}).get(self.entry["check"], {})
            self.bare_statuses = recorded.get("exit", [])
            if "config" in case:
                self.environment["COEXIST_CONFIG"] = case["config"].format(**places)
        else:
            self.command = build_fixture(self.entry["fixture"])
            self.command += self.entry.get("arguments", "").split()

    def outcome(self, ending):
        """What counts as the same end. Addresses and numbers differ from run to run; a real
        runtime's crash report differs in its words, too."""
        if self.is_real:
            return (ending.status, tuple(ending.results))
        lines = [line for line in ending.output.splitlines() if not line.startswith("coexist")]
        text = re.sub(r"0x[0-9a-f]+|\d+", "N", "\n".join(lines))
        return (ending.status, text)

    def learn(self, library):
        """How it may end: as bare, or as under coexist."""
        self.build()
        bare = runner.run(self.command, None, 15.0, self.environment)
        own = [runner.run(self.command, library, PATIENCE, self.environment) for _ in range(2)]
        self.allowed = {self.outcome(ending) for ending in [bare, *own]}
        self.usual = set(MESSAGE.findall(own[0].output))
        self.patience = max(10.0, 20 * own[1].seconds)

    def problem(self, ending, call=None):
        """What is wrong with this end; None = nothing."""
        if ending.status == runner.HANG:
            return "it hangs"
        more = [code for code in MESSAGE.findall(ending.output) if code not in self.usual]
        if len(set(more)) > 1:
            return f"more than one message: {' '.join(more)}"
        # Nor does a dlopen that returns NULL, with a message, do any harm.
        if CONTAINER.intersection(more) and ending.status < 128:
            return None
        # Where the kernel refuses what the program itself asked for, the program is told.
        if call is not None and calls.is_told(call) and calls.TOLD.search(ending.output):
            return None
        is_as_bare = ending.status in self.bare_statuses
        if self.outcome(ending) not in self.allowed and not is_as_bare:
            ends = ", ".join(sorted({runner.describe(status) for status, _ in self.allowed}))
            return f"it ends with {runner.describe(ending.status)}, not as usual ({ends})"
        return None

    def run_with(self, library, call=0, use=0, error=0, counts=None):
        with tempfile.NamedTemporaryFile() as file:
            words = len(calls.NAMES) + calls.SYSTEM_CALLS
            file.write(struct.pack(f"{HEAD + words}Q", call, use, error, *[0] * (words + 2)))
            file.flush()
            extra = self.environment | {"FAULTS_PRELOAD": f"{library} {BUILT / 'libfaults.so'}"}
            command = [str(BUILT / "start"), file.name, "--", *self.command]
            ending = runner.run(command, None, self.patience, extra)
            file.seek(0)
            values = struct.unpack(f"{HEAD + words}Q", file.read())
        if counts is not None:
            counts.update({n: use for n, use in enumerate(values[HEAD:]) if use})
        return ending, where(library, values[3]) if use else ""

    def count(self, library):
        """How often it uses each call."""
        counts = {}
        ending, _ = self.run_with(library, counts=counts)
        if problem := self.problem(ending):
            sys.exit(f"error: {self.name} with counted calls: {problem}\n{ending.output[-2000:]}")
        return counts


LOCK = threading.Lock()
FUNCTIONS = {}


def where(library, offset):
    """' (in FUNCTION)', for an offset in the library; '' when the fault came to none."""
    if offset == 0:
        return " (not reached)"
    with LOCK:
        if offset not in FUNCTIONS:
            command = ["addr2line", "-f", "-e", str(library), hex(offset)]
            found = subprocess.run(command, capture_output=True, text=True)
            FUNCTIONS[offset] = (found.stdout.splitlines() or ["?"])[0]
        return f" (in {FUNCTIONS[offset]})"


def read(path):
    document = tomllib.loads(path.read_text())
    return [Program(name, entry) for name, entry in document["program"].items()]
