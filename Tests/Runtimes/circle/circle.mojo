# Mojo waits for Lean, and Lean for Mojo: each task of the pool waits for a task of Lean's, which
# waits for another task of the pool. With as many of them as the pool has threads, none is left.
# What the inner tasks do, inner.mojo says.
from std.runtime._asyncrt import create_task
from std.ffi import external_call

__async def outer(n: Int) -> Int:
    return external_call["circle_through_lean", Int](n)

def main():
    external_call["circle_start", NoneType]()
    var a = create_task(outer(1))
    var b = create_task(outer(2))
    var c = create_task(outer(3))
    var d = create_task(outer(4))
    external_call["circle_end", NoneType](a.wait() + b.wait() + c.wait() + d.wait())
