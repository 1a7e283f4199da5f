# A Mojo shared library for hosts that are no Mojo programs: its tasks need Mojo's runtime, which only
# a Mojo program's start makes.
from std.runtime._asyncrt import create_task
from std.ffi import external_call

__async def square(n: Int) -> Int:
    return n * n

@export
def pool_squares(n: Int) abi("C") -> Int:
    # What `parallelize` of the package max asks first.
    if external_call["KGEN_CompilerRT_AsyncRT_ParallelismLevel", Int32]() < 1:
        return 0
    var a = create_task(square(n))
    var b = create_task(square(n + 1))
    return a.wait() + b.wait()

@export
def pool_square(n: Int) abi("C") -> Int:
    var task = create_task(square(n))
    return task.wait()
