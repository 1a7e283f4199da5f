"""The zoo: many runtimes in one process, all at work at once, each answer compared.

    zoo.py 180                   all of them, for 180 seconds
    zoo.py 60 jvm17,net,wasm,fh  only these, loaded in that order
    zoo.py --list                prints the members, with what each does

Each member is loaded on a thread of its own and works there, over and over, until the time is up;
the main thread is Python's, with its timer, its signals and its children. Each 10 seconds prints
a line; at the end each member 'RESULT True at zoo.MEMBER' and the number of its answers. Exit
status: 0 all were right, 3 one was not, 4 somebody hangs, anything else is how the process died.
"""

import faulthandler
import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import driver
from zoo import borders, host, members

LINE = 10  # seconds between two lines
PAUSE = 0.02  # seconds between two rounds of a member, which leaves the others Python's lock
RARELY = 16  # rounds between two runs of what takes seconds
HANGS = 300  # seconds in which a member gets no answer, on a machine that may be busy


class Member:
    """One runtime, or one border between two, with its thread and what it has answered."""

    def __init__(self, name, make):
        self.name, self.make = name, make
        self.loaded, self.done = threading.Event(), threading.Event()
        self.answers = 0
        self.wrong = None
        self.doing = "loads"
        self.since = time.monotonic()
        self.thread = threading.Thread(target=self.live, name=name, daemon=True)

    def live(self):
        try:
            often, rarely = self.make()
            self.loaded.set()
            start.wait()
            self.work(often, rarely)
        except BaseException as error:
            self.fail(error)
            self.loaded.set()
        self.doing = None
        self.done.set()
        # A collector counts on the thread that started it for as long as it collects.
        threading.Event().wait()

    def fail(self, error):
        self.wrong = f"{self.doing}: {error!r}"
        print(f"wrong: {self.name}.{self.wrong}", flush=True)

    def work(self, often, rarely):
        turn = 0
        while (often or rarely) and not ended.is_set():
            for name, check in often.items():
                self.once(name, check)
            # What is rare is spread: each time one of them.
            if rarely and turn % RARELY == 0:
                names = list(rarely)
                name = names[turn // RARELY % len(names)]
                self.once(name, rarely[name])
            turn += 1
            time.sleep(PAUSE)

    def once(self, name, check):
        self.doing, self.since = name, time.monotonic()
        check()
        self.answers += 1


start, ended = threading.Event(), threading.Event()


def status():
    """Resident memory in KiB, descriptors, threads."""
    lines = Path("/proc/self/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    descriptors = len(os.listdir("/proc/self/fd"))
    return int(fields["VmRSS"].split()[0]), descriptors, int(fields["Threads"])


def watch(zoo, began):
    """Prints a line now and then; ends the process when a member hangs."""
    following = 0
    while True:
        now = time.monotonic()
        if now - began >= following:
            resident, descriptors, threads = status()
            print(
                f"{now - began:6.0f} s  {sum(m.answers for m in zoo)} answers  "
                f"{sum(m.wrong is not None for m in zoo)} wrong  {resident} KiB  "
                f"{descriptors} descriptors  {threads} threads",
                flush=True,
            )
            following += LINE
        stuck = [m for m in zoo if m.doing is not None and now - m.since > HANGS]
        if stuck:
            for member in stuck:
                print(f"hangs: {member.name}.{member.doing}", flush=True)
            faulthandler.dump_traceback(file=sys.__stderr__)
            os._exit(4)
        time.sleep(1)


def load(names):
    """Loads the members one after the other, each on its own thread."""
    zoo = []
    for name in names:
        member = Member(name, lambda name=name: members.make(name))
        member.thread.start()
        member.loaded.wait()
        zoo.append(member)
    for name, make in borders.between(set(names)).items():
        member = Member(name, make)
        member.thread.start()
        member.loaded.wait()
        zoo.append(member)
    return zoo


def main(seconds, names):
    python = Member("python", None)
    host.start()
    zoo = load(names)
    print(f"loaded {len(names) + 1} runtimes: python,{','.join(names)}", flush=True)
    began = python.since = time.monotonic()
    threading.Timer(seconds, ended.set).start()
    threading.Thread(target=watch, args=([python, *zoo], began), daemon=True).start()
    start.set()
    try:
        python.work(*host.checks())  # here, since Python's signals are the main thread's
    except Exception as error:
        python.fail(error)
    python.doing = None
    for member in zoo:
        member.done.wait()
    good = True
    for member in [python, *zoo]:
        right = member.wrong is None and (member.answers > 0 or not members.works(member.name))
        good &= right
        print(f"RESULT {right} at zoo.{member.name}  {member.answers} answers", flush=True)
    sys.stdout.flush()
    # Not by exit(): .NET Core 3.1 sometimes aborts while it is unloaded, also when it is alone.
    os._exit(0 if good else 3)


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        for name, (what, *_) in members.MEMBERS.items():
            print(f"{name}\t{what}")
    elif len(sys.argv) in (2, 3) and sys.argv[1].isdigit():
        main(int(sys.argv[1]), sys.argv[2].split(",") if sys.argv[2:] else list(members.MEMBERS))
    else:
        driver.usage("zoo.py SECONDS [MEMBER,…]")
