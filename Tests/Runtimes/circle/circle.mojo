# Mojo waits for Lean, and Lean for Mojo: each task of the pool waits for a task of Lean's, which
# waits for another task of the pool. With as many of them as the pool has threads, none is left.
# What the inner tasks do, inner.mojo says.
from std.runtime._asyncrt import TaskGroup
from std.ffi import external_call

__async def outer(n: Int):
    external_call["circle_through_lean", NoneType](n)

def main():
    # As many as the pool has threads, and two that find none.
    var threads = Int(external_call["KGEN_CompilerRT_AsyncRT_ParallelismLevel", Int32]())
    external_call["circle_start", NoneType](threads)
    var group = TaskGroup()
    for n in range(threads + 2):
        group.create_task(outer(n))
    group.wait()
    external_call["circle_end", NoneType](threads + 2)
