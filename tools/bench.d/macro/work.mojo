# Mojo at work: arithmetic, memory, and tasks of its own pool.
from std.runtime._asyncrt import create_task

__async def part(seed: Int) -> Int:
    var list = List[Int]()
    for i in range(2_000_000):
        list.append((i * 31 + seed) % 1009)
    var sum = 0
    for round in range(160):
        for i in range(len(list)):
            sum += list[i] ^ round
    return sum

def main():
    var total = 0
    for _ in range(4):
        var a = create_task(part(1))
        var b = create_task(part(2))
        total += a.wait() + b.wait()
    print(total)
