"""Loads language runtimes into this CPython, in the given order, and runs checks.

    driver.py jvm17,oc/oc.so              HotSpot 17, then OCaml; then OCaml's stack overflow
    driver.py net,go127/net.nre,py.mask   two checks, one after the other

An order without checks ('jvm17/') prints which there are, 'CHECK NAME' each.

Each check prints 'RESULT True at NAME' or 'RESULT False at NAME'. Exit status: 0 all passed,
3 one did not, 64 wrong usage, anything else is how the process died.
"""

import importlib.util
import sys
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

# The name on the command line: the folder that has its load.py, and the variant to load.
RUNTIMES = {
    "bo": ("boehm", "bo"),
    "boA": ("boehm", "boA"),
    "crash": ("crash", None),
    "ecl": ("ecl", None),
    "fh": ("faulthandler", "enable"),
    "fhoff": ("faulthandler", "disable"),
    "glog": ("glog", None),
    "go119": ("go", "go119"),
    "go119b": ("go", "go119b"),
    "go127": ("go", "go127"),
    "go127b": ("go", "go127b"),
    "guile": ("guile", None),
    "hs": ("ghc", None),
    "jvm17": ("jvm", "jdk17"),
    "jvm25": ("jvm", "jdk25"),
    "lean": ("lean", None),
    "mojo": ("mojo", None),
    "mono": ("mono", None),
    "monochain": ("mono", "chain"),
    "net": ("dotnet", None),
    "oc": ("ocaml", None),
    "py": ("python", None),
    "r": ("r", None),
    "rb": ("ruby", None),
    "rust": ("rust", None),
    "swift": ("swift", None),
    "usr2": ("usr2", None),
    "v8": ("v8", None),
    "wasm": ("wasmtime", None),
}


def usage(problem):
    print(f"error: {problem}\n{__doc__}", file=sys.stderr)
    raise SystemExit(64)


def load(name):
    """Loads one runtime and returns its checks by name."""
    if name not in RUNTIMES:
        usage(f"no runtime '{name}'; there are {' '.join(RUNTIMES)}")
    folder, variant = RUNTIMES[name]
    spec = importlib.util.spec_from_file_location(f"{folder}_load", HERE / folder / "load.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.load(variant)


def run(label, check):
    """Runs one check: it raises when something is wrong."""
    try:
        check()
        passed = True
    except BaseException:
        traceback.print_exc()
        passed = False
    print(f"RESULT {passed} at {label}", flush=True)
    return passed


def load_all(order):
    """Loads the runtimes in order; the host's own checks are always there."""
    checks = {"py": load("py")}
    for name in order:
        checks[name] = load(name)
    return checks


def main(argument):
    order, _, wanted = argument.partition("/")
    checks = load_all(order.split(","))
    if not wanted:
        for runtime, found in checks.items():
            for name in found:
                print(f"CHECK {runtime}.{name}")
        return 0
    passed = True
    for label in wanted.split(","):
        runtime, _, name = label.partition(".")
        if name not in checks.get(runtime, {}):
            usage(f"no check '{label}'")
        passed &= run(label, checks[runtime][name])
    return 0 if passed else 3


if __name__ == "__main__":
    if len(sys.argv) != 2:
        usage("one argument is needed")
    sys.exit(main(sys.argv[1]))
