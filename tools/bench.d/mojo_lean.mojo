# Two tasks of Mojo's that each await another and ask Lean 4: no fault, no migration of interest,
# nothing that needs help. The loop and its clock are in mojo_lean.c.
from std.runtime._asyncrt import create_task
from std.ffi import external_call

__async def leaf(n: Int) -> Int:
    var sum = 0
    for i in range(2000):
        sum += (i * n) % 7
    return sum

__async def asks(n: Int) -> Int:
    var task = create_task(leaf(n))
    var sum = __await task
    return sum * 0 + external_call["bench_ask", Int]()

def main():
    external_call["bench_begin", NoneType]()
    while external_call["bench_next", Int]() != 0:
        var a = create_task(asks(1))
        var b = create_task(asks(2))
        external_call["bench_check", NoneType](a.wait() + b.wait())
