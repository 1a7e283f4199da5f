# A Mojo program with Lean 4 as its guest; ../lean/work.c does Lean's part. What it does, one step
# after the other, host.c reads from the environment's CHECK.
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

# Lean's state of a task, while other tasks' queries run between its awaits.
__async def keeps(n: Int) -> Int:
    external_call["work_keep", NoneType](n)
    var t1 = create_task(solve(n))
    var a = __await t1
    var kept = external_call["work_has_kept", Int](n)
    var t2 = create_task(solve(n))
    var b = __await t2
    kept &= external_call["work_has_kept", Int](n)
    var t3 = create_task(solve(n))
    var c = __await t3
    kept &= external_call["work_has_kept", Int](n)
    return a & b & c & kept

def awaits() -> Int:
    var good = 1
    for round in range(50):
        var a = create_task(keeps(round * 4 + 1))
        var b = create_task(keeps(round * 4 + 2))
        var c = create_task(keeps(round * 4 + 3))
        var d = create_task(keeps(round * 4 + 4))
        good &= a.wait() & b.wait() & c.wait() & d.wait()
    return good

def lines():
    for n in range(200000):
        print(n)

def step(what: Int) -> Int:
    if what == 1:
        return solves()
    if what == 2:
        return awaits()
    if what == 3:
        return external_call["throws_and_catches", Int]()
    if what == 4:
        return external_call["host_java", Int]()
    if what == 5:
        var task = create_task(roomy(DEEP))
        return task.wait()
    if what == 6:
        return external_call["work_fork", Int]()
    if what == 7:
        lines()
    if what == 8:
        _ = external_call["work_deep", Int](DEEP)
    if what == 9:
        var task = create_task(deep(DEEP))
        _ = task.wait()
    if what == 10:
        _ = external_call["host_overflow_on_thread", Int](DEEP)
    if what == 11:
        external_call["host_crash", NoneType]()
    return 0

def main():
    _ = external_call["work_start", Int]()
    while True:
        var what = external_call["host_next", Int]()
        external_call["host_result", NoneType](step(what))
