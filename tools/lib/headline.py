"""The first table of tools/demo: a Mojo program with Lean 4, HotSpot and a C++ library as guests.

Each step of Tests/Runtimes/mojo/check is run bare, in a process of its own; under coexist all that
have an answer are taken in one process, and those that end the process in one each.
"""

import runner

CHECK = runner.FIXTURES / "mojo" / "check"
TIMEOUT = 60

# Step: what it does, and which part of coexist it needs. All in one process.
ANSWERS = {
    "solve": ("Lean queries on Mojo's threads", "nothing: it works bare"),
    "awaits": ("Lean's state kept over Mojo's awaits", "ThreadLocal: a context a task"),
    "throw": ("a C++ exception, Lean linked in front", "the loader's rules: one unwinder"),
    "java": ("Java's null checks, overflow, safepoints", "Signals: who owns the instruction"),
    "deep": ("a million Lean calls deep, on a Mojo thread", "coexist_call: a stack of 1 GiB"),
    "fork": ("Lean's tasks in the child of fork", "Threads: lost ones are made anew"),
}
# Step: as above, the right exit status, and what must be said then.
DEATHS = {
    "overflow": (
        "Lean's stack overflow, on purpose",
        "Signals: Lean is asked, on a stack of its own",
        134,
        "Stack overflow detected. Aborting.",
    ),
    "crash": (
        "a true crash: Mojo's report",
        "Signals: an alternate stack that it fits on",
        139,
        " host_crash ",
    ),
}
PIPE = ("mojo_program | head -1 ends by SIGPIPE", "Signals: SIGPIPE by the writer")


def check(step, library=None):
    return runner.run([str(CHECK), step], library, TIMEOUT)


def said(ending, step):
    return any(ok and name == f"mojo.{step}" for ok, name in ending.results)


def bare_words(ending, step, death):
    if ending.passed() and said(ending, step):
        return "passed"
    if step in DEATHS:
        if dies_well(ending, step):
            return "says so"
        # Mojo's own report of the frames of another is not what was asked for.
        return f"{death(ending).partition(':')[0]}, and does not say so"
    return "wrong answer" if ending.results else death(ending)


def dies_well(ending, step):
    *_, status, text = DEATHS[step]
    return ending.status == status and text in ending.output


def print_row(what, bare, coexist, saved):
    print(f"{what:<44} {bare[:34]:<34} {coexist:<10} {saved}", flush=True)


def table(library, death):
    """Prints a row a step; returns how many went wrong under coexist."""
    print_row("Mojo hosts Lean 4 and HotSpot", "bare", "coexist", "by")
    whole = check(",".join(ANSWERS), library)
    wrong = 0
    for step, (what, saved) in ANSWERS.items():
        good = said(whole, step)
        wrong += not good
        print_row(what, bare_words(check(step), step, death), "passed" if good else "WRONG", saved)
    pipe = check("pipe", library)
    wrong += not pipe.passed()
    bare = "passed" if check("pipe").passed() else "writes on, exit 0"
    print_row(PIPE[0], bare, "passed" if pipe.passed() else "WRONG", PIPE[1])
    for step, (what, saved, *_) in DEATHS.items():
        # With HotSpot in the process, too.
        good = dies_well(check(f"java,{step}", library), step)
        wrong += not good
        print_row(what, bare_words(check(step), step, death), "says so" if good else "WRONG", saved)
    if whole.status != 0:
        print(f"the whole program under coexist: {death(whole)}")
    print()
    return wrong
