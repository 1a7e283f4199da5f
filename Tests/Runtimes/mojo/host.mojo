# A Mojo program with Lean 4 as its guest; ../lean/work.c does Lean's part. What it does is the
# environment's CHECK, as a number: see `host`.
from std.runtime._asyncrt import create_task
from std.ffi import external_call

comptime DEEP = 1000000

__async def deep(levels: Int) -> Int:
    return external_call["work_deep", Int](levels)

__async def solve(n: Int) -> Int:
    return external_call["work_solve", Int]()

__async def roomy(levels: Int) -> Int:
    return external_call["host_deep_with_room", Int](levels)

def solves() -> Int:
    var a = create_task(solve(1))
    var b = create_task(solve(2))
    var c = create_task(solve(3))
    return a.wait() & b.wait() & c.wait() & external_call["work_solve", Int]()

def lines():
    for n in range(200000):
        print(n)

def main():
    var what = external_call["host_check", Int]()
    var good = 0
    if external_call["work_start", Int]() == 0:
        what = 0
    if what == 1:
        good = solves()
    elif what == 2:
        _ = external_call["work_deep", Int](DEEP)
    elif what == 3:
        var task = create_task(deep(DEEP))
        _ = task.wait()
    elif what == 4:
        _ = external_call["host_overflow_on_thread", Int](DEEP)
    elif what == 5:
        external_call["host_crash", NoneType]()
    elif what == 6:
        good = external_call["work_fork", Int]()
    elif what == 7:
        lines()
    elif what == 8:
        var task = create_task(roomy(DEEP))
        good = task.wait()
    elif what == 9:
        good = external_call["throws_and_catches", Int]()
    external_call["host_end", NoneType](good)
