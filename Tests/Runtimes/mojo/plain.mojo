# host.mojo without tasks, for versions of Mojo that have none (tools/versions).
from std.ffi import external_call

def step(what: Int) -> Int:
    if what == 1:
        return external_call["work_solve", Int]()
    if what == 3:
        return external_call["throws_and_catches", Int]()
    if what == 5:
        return external_call["host_deep_with_room", Int](1000000)
    if what == 6:
        return external_call["work_fork", Int]()
    if what == 7:
        for n in range(200000):
            print(n)
    if what == 8:
        _ = external_call["work_deep", Int](1000000)
    if what == 10:
        _ = external_call["host_overflow_on_thread", Int](1000000)
    return 0

def main():
    _ = external_call["work_start", Int]()
    while True:
        var what = external_call["host_next", Int]()
        external_call["host_result", NoneType](step(what))
