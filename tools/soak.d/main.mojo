# The host of tools/soak: tasks that move between Mojo's threads and call Lean 4, HotSpot and GHC in
# between, each answer compared with the one that the runtime gives alone (guests.c).
from std.runtime._asyncrt import create_task
from std.ffi import external_call

__async def leaf(n: Int) -> Int:
    var sum = 0
    for i in range(20000):
        sum += (i * n) % 7
    return sum

__async def work(n: Int) -> Int:
    external_call["soak_keep", NoneType](n)
    var first = create_task(leaf(n % 64))
    var a = __await first
    var wrong = external_call["soak_kept", Int](n)
    wrong += external_call["soak_lean", Int](n)
    wrong += external_call["soak_java", Int](n)
    external_call["soak_keep", NoneType](n)
    var second = create_task(leaf(n % 64))
    var b = __await second
    wrong += external_call["soak_kept", Int](n)
    wrong += external_call["soak_haskell", Int](n)
    wrong += external_call["soak_mojo", Int](n, a)
    if a != b:
        wrong += 1
    return wrong

__async def deep(levels: Int) -> Int:
    return external_call["soak_deep", Int](levels)

def main():
    external_call["soak_start", NoneType]()
    var round = 0
    while external_call["soak_goes_on", Int](round) != 0:
        var a = create_task(work(round * 4))
        var b = create_task(work(round * 4 + 1))
        var c = create_task(work(round * 4 + 2))
        var d = create_task(work(round * 4 + 3))
        var wrong = a.wait() + b.wait() + c.wait() + d.wait()
        if round % 64 == 0:
            var e = create_task(deep(200000))
            wrong += e.wait()
        if round % 256 == 0:
            wrong += external_call["soak_fork", Int](round)
        external_call["soak_round", NoneType](round, wrong)
        round += 1
