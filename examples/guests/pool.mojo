# A Mojo library: two tasks on Mojo's threads, whoever the host is.
from std.runtime._asyncrt import create_task

__async def square(n: Int) -> Int:
    return n * n

@export
def mojo_squares(n: Int) abi("C") -> Int:
    var a = create_task(square(n))
    var b = create_task(square(n + 1))
    return a.wait() + b.wait()
