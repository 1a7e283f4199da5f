# Python is the host, with its faulthandler on: Lean 4 and Mojo from Python's threads. Bare, Mojo
# has no runtime, and Lean's recursion overflows.
import ctypes
import faulthandler
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bindings" / "python"))

import coexist

faulthandler.enable()
guests = Path(os.environ["GUESTS"])
lean = ctypes.CDLL(str(guests / "liblean_guest.so"))
mojo = ctypes.CDLL(str(guests / "libmojo_guest.so"))
for function in (lean.lean_counts, mojo.mojo_squares):
    function.restype, function.argtypes = ctypes.c_long, [ctypes.c_long]

print("Lean starts:", lean.lean_start())
with ThreadPoolExecutor(4) as pool:
    print("Lean answers on threads:", sum(pool.map(lambda _: lean.lean_solves(), range(8))))
    print("Mojo on threads:", list(pool.map(mojo.mojo_squares, range(1, 5))))
with coexist.Context() as context:
    deep = context.call(lean.lean_counts, 1_000_000, stack_size=1 << 30)
    print("a million calls deep:", deep)
    try:
        context.call(lambda: 1 // 0)
    except ZeroDivisionError:
        print("an exception comes back")
print("Lean's tasks in the child of fork:", lean.lean_after_fork())
