# What a task of Lean's calls: a task on Mojo's threads, and its answer.
from std.runtime._asyncrt import create_task
from std.ffi import external_call

__async def square(n: Int) -> Int:
    return n * n

__async def square_with_lean(n: Int) -> Int:
    return n * n * external_call["work_task", Int]()

# The answer of a task that waits for another one by await.
__async def square_of_square(n: Int) -> Int:
    var inner = create_task(square(n))
    var m = __await inner
    return m + 1

@export
def inner_square(n: Int) abi("C") -> Int:
    var task = create_task(square(n))
    return task.wait()

@export
def inner_square_with_lean(n: Int) abi("C") -> Int:
    var task = create_task(square_with_lean(n))
    return task.wait()

@export
def inner_square_awaited(n: Int) abi("C") -> Int:
    var task = create_task(square_of_square(n))
    return task.wait() - 1
