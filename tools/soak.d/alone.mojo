# Mojo's answers, alone.
from std.runtime._asyncrt import create_task

__async def leaf(n: Int) -> Int:
    var sum = 0
    for i in range(20000):
        sum += (i * n) % 7
    return sum

def main():
    for n in range(64):
        var task = create_task(leaf(n))
        print("mojo", n, task.wait())
