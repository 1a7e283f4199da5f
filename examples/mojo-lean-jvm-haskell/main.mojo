# Four runtimes: Mojo, Lean 4, HotSpot, GHC. Java's NullPointerExceptions are faults, on threads that
# Mojo made, in a process where Mojo and Lean have handlers of their own.
from std.runtime._asyncrt import create_task
from std.ffi import external_call

__async def catches(times: Int) -> Int:
    return external_call["java_catches", Int](times)

__async def sums(threads: Int) -> Int:
    return external_call["haskell_sums", Int](threads)

__async def solve(n: Int) -> Int:
    return external_call["lean_solves", Int]()

def main():
    if external_call["lean_start", Int]() == 0:
        return
    if external_call["java_start", Int]() == 0:
        return
    _ = external_call["haskell_start", Int]()
    var java = create_task(catches(1000))
    var haskell = create_task(sums(100))
    var lean = create_task(solve(1))
    print("Java caught its exceptions:", java.wait())
    print("Haskell's threads added up:", haskell.wait())
    print("Lean answered:", lean.wait())
    var deep = external_call["lean_counts_deep", Int](1000000)
    print("a million calls deep:", deep)
    var again = create_task(catches(1000))
    print("Java once more:", again.wait())
    print("Lean's tasks in the child of fork:", external_call["lean_after_fork", Int]())
