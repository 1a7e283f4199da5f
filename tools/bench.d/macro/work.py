"""CPython at work: bytecode, the collector of cycles, threads that hand on, child processes."""

import hashlib
import json
import queue
import re
import subprocess
import sys
import threading


def cycles(count):
    for _ in range(count):
        one, other = {}, {}
        one["other"], other["other"] = other, one


def sieve(limit):
    found = bytearray([1]) * limit
    for number in range(2, int(limit ** 0.5) + 1):
        if found[number]:
            found[number * number::number] = bytes(len(range(number * number, limit, number)))
    return sum(found) - 2


def consume(jobs, answers):
    while (job := jobs.get()) is not None:
        answers.put(len(json.dumps(json.loads(job))))


def main():
    answers, jobs = queue.Queue(), queue.Queue()
    threads = [threading.Thread(target=consume, args=(jobs, answers)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(30000):
        jobs.put(json.dumps({"number": number, "list": list(range(10))}))
    for _ in threads:
        jobs.put(None)
    for thread in threads:
        thread.join()
    total = sum(answers.get() for _ in range(30000)) + sieve(6_000_000)
    cycles(900_000)
    text = "".join(f"name{number}=value{number % 7};" for number in range(120000))
    total += sum(int(m[2]) for m in re.finditer(r"name(\d+)=value(\d)", text))
    for _ in range(20):
        total += int(subprocess.run(["echo", "1"], capture_output=True, check=True).stdout)
    print(total, hashlib.sha256(text.encode() * 50).hexdigest()[:8])


if __name__ == "__main__":
    sys.exit(main())
