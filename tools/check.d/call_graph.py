"""The call graph of libcoexist.so, from its disassembly.

Indirect calls and jumps are not followed: on the signal path they are the table of real
functions (ccoexist/real.h) and the guest's handler.
"""

import re
import subprocess

HEAD = re.compile(r"^[0-9a-f]+ <(.+)>:$")
BRANCH = re.compile(r"\t(?:call|j[a-z]+) +[0-9a-f]+ <([^>+]+)(?:\+0x[0-9a-f]+)?>")
FRAME = re.compile(r"\tsub +\$0x([0-9a-f]+),%rsp")


def read(library):
    """Returns (calls, frames): name → names that it branches to, and name → bytes of stack."""
    listing = subprocess.run(
        ["objdump", "-d", "--no-show-raw-insn", library],
        capture_output=True, text=True, check=True).stdout
    calls, frames, name = {}, {}, None
    for line in listing.splitlines():
        if match := HEAD.match(line):
            name = match[1]
            calls.setdefault(name, set())
            frames.setdefault(name, 0)
        elif match := BRANCH.search(line):
            if match[1] != name:
                calls[name].add(match[1])
        elif match := FRAME.search(line):
            frames[name] = max(frames[name], int(match[1], 16))
    return calls, frames


def reachable(calls, roots):
    """Every function that can run, each with the one that calls it first: name → caller."""
    found = {root: None for root in roots}
    queue = list(roots)
    for name in queue:
        for callee in sorted(calls.get(name, ())):
            if callee not in found:
                found[callee] = name
                queue.append(callee)
    return found


def path(found, name):
    """How it is reached, outermost first."""
    names = []
    while name is not None:
        names.append(name)
        name = found[name]
    return " < ".join(names)
