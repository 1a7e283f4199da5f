# Mojo is the host, Lean 4 the guest: queries on Mojo's threads, deep recursion on one of them with a
# stack of 1 GiB (bindings/mojo), and a fork. Bare, the recursion ends the process: a Mojo thread has
# 8 MiB of stack, Lean wants more.
from coexist import Context
from std.runtime._asyncrt import create_task
from std.ffi import external_call

__async def solve(n: Int) -> Int:
    return external_call["lean_solves", Int]()

def counts(depth: Int) abi("C") -> Int:
    return external_call["lean_counts", Int](depth)

__async def count(depth: Int) -> Int:
    try:
        var context = Context()
        var answer = context.call(counts, depth, stack_size=1 << 30)
        context^.close()
        return answer
    except:
        return 0

def main():
    if external_call["lean_start", Int]() == 0:
        return
    var a = create_task(solve(1))
    var b = create_task(solve(2))
    var c = create_task(solve(3))
    print("queries answered on Mojo's threads:", a.wait() + b.wait() + c.wait())
    var deep = create_task(count(1000000))
    print("a million calls deep, on a Mojo thread:", deep.wait())
    print("Lean's tasks in the child of fork:", external_call["lean_after_fork", Int]())
