"""The tables of tools/demo: headline.py's, then Tests/Runtimes/five/five.py, step by step."""

import argparse
import re
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import headline
import runner

PROGRAM = runner.FIXTURES / "five" / "five.py"
CRASH = "crash.segv"
TRACEBACK = re.compile(r"Fatal Python error: .*?five\.py", re.DOTALL)
# What a dying process says of itself.
LAST_WORDS = re.compile(
    r"Fatal Python error: [\w ]+|A fatal error has been detected by the Java Runtime"
    r"|fatal error: [\w :-]+|SIGTERM did not .*|\d+ signals are left blocked"
)


def five(order, steps=None, library=None, timeout=60):
    """Runs the program, all of it or only the given steps."""
    return runner.run(
        [str(runner.PYTHON), str(PROGRAM), order, *([steps] if steps else [])], library, timeout
    )


def steps():
    listing = runner.run([str(runner.PYTHON), str(PROGRAM), "--list"]).output
    return dict(line.split("\t") for line in listing.splitlines())


def death(ending):
    """How a process ended that should have lived."""
    how = runner.describe(ending.status)
    if ending.status > 128:
        how = "died, " + signal.Signals(ending.status - 128).name
    elif ending.status == runner.HANG:
        how = "hangs"
    elif ending.status:
        how = f"exit {ending.status}"
    words = LAST_WORDS.search(ending.output)
    return f"{how}: {words[0]}" if words else how


def crashed(ending):
    """A true crash must end the process with the report: 'died, SIGSEGV: Python traceback'."""
    report = "with" if TRACEBACK.search(ending.output) else "WITHOUT"
    return f"{death(ending).partition(':')[0]}, {report} Python traceback"


def print_row(step, what, bare, coexist):
    print(f"{step:<16} {what:<33} {bare[:56]:<56} {coexist}", flush=True)


def table(order, library):
    """Prints a row a step; returns how many went wrong under coexist."""
    whole = five(order, library=library)
    right = {name for ok, name in whole.results if ok}
    wrong = 0
    print_row("step", "what", "bare", "under coexist")
    with ThreadPoolExecutor(2) as pool:
        listed = steps()
        bare = pool.map(lambda step: five(order, step), listed)
        for (step, what), ending in zip(listed.items(), bare):
            if step == CRASH:
                under = five(order, step, library)
                alive = crashed(under)
                wrong += "WITHOUT" in alive or under.status < 128
                print_row(step, what, crashed(ending), alive)
                continue
            alive = "passed" if step in right else "not reached" if wrong else death(whole)
            wrong += step not in right
            print_row(step, what, "passed" if ending.passed() else death(ending), alive)
    lives = whole.passed()
    print(f"\nThe whole program, bare:          {death(five(order))}")
    print(f"The whole program, under coexist: {'lives, exit 0' if lives else death(whole)}")
    return wrong + (not lives)


def repeat(order, library, runs):
    """Runs the whole program RUNS times under coexist; returns how many runs failed."""
    failed = 0
    with ThreadPoolExecutor(2) as pool:
        endings = pool.map(lambda _: five(order, library=library), range(runs))
        for number, ending in enumerate(endings, 1):
            if not ending.passed():
                failed += 1
                print(f"run {number}: {death(ending)}")
                if failed == 1:
                    print(ending.output[:2000])
            if number % 10 == 0 or number == runs:
                print(f"{number}/{runs} runs under coexist, {failed} failed", flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--library")
    parser.add_argument("--order", default="jvm17,net,wasm,go127,fh")
    parser.add_argument("--runs", type=int, default=0)
    arguments = parser.parse_args()
    library = runner.find_library(arguments.library)
    wrong = headline.table(library, death)
    print(f"Five runtimes in CPython, loaded in this order: {arguments.order}")
    wrong += table(arguments.order, library)
    if arguments.runs:
        wrong += repeat(arguments.order, library, arguments.runs)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
