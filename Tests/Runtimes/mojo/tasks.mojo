# Four tasks at a time, each with state in a guest, over three awaits. A loop around an await would
# never end (mojo 1.2.0), so they are written out.
from std.runtime._asyncrt import create_task, TaskGroup
from std.ffi import external_call

__async def leaf(n: Int) -> Int:
    var s = 0
    for i in range(20000):
        s += (i * n) % 7
    return s

__async def work(n: Int) -> Int:
    external_call["probe_set", NoneType](n)
    var bad = 0
    var t1 = create_task(leaf(n))
    var a = __await t1
    bad += external_call["probe_check", Int](n)
    var t2 = create_task(leaf(n + 1))
    var b = __await t2
    bad += external_call["probe_check", Int](n)
    var t3 = create_task(leaf(n + 2))
    var c = __await t3
    bad += external_call["probe_check", Int](n)
    return bad + (a + b + c) * 0

def main():
    external_call["probe_start", NoneType]()
    var total = 0
    var round = 0
    while external_call["probe_wants_more", Int]() != 0:
        var t0 = create_task(work(round * 4 + 1))
        var t1 = create_task(work(round * 4 + 2))
        var t2 = create_task(work(round * 4 + 3))
        var t3 = create_task(work(round * 4 + 4))
        round += 1
        total += t0.wait() + t1.wait() + t2.wait() + t3.wait()
    external_call["probe_end", NoneType](total)
