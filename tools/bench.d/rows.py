"""The rows of the table, in its order. A row is one comparison in one run, with its budget."""

from dataclasses import dataclass


@dataclass
class Row:
    name: str
    title: str
    program: str
    words: str = ""
    # ratio: coexist / bare. added: coexist - bare. over: coexist - coexist with the words of
    # `base`. absolute: coexist alone.
    kind: str = "ratio"
    budget: float | None = None  # None: no budget of its own, shown to be seen
    base: str = ""
    operations: int = 50  # a round; rounds of 0.1 to 0.5 ms slip between two interruptions
    per: int = 1  # what one operation does how many times
    unit: str = "ns"
    rounds: int | None = None  # fewer than the others have
    passes: int | None = None
    counted: str = "callgrind"  # how its instructions are counted: callgrind, steps, or not: ""
    most: float | None = None  # user instructions of one operation under coexist
    by: str = "time"  # what the result compares: "instructions", where time tells where code lies


def dispatch(name, title, words, budget=None, kind="added", **more):
    more.setdefault("counted", "steps")
    return Row(f"dispatch.{name}", title, "fault", words, kind, budget, **more)


def memory(name, title, words, budget=None):
    return Row(f"memory.{name}", title, "memory", words, "ratio", budget, operations=100)


def live(count, what):
    """Flat from 10 to 10 000 threads? With `grow` they themselves are measured, once a process."""
    title = f"each of {count} that stay" if what else f"the same while {count} others live"
    return Row(f"thread.{what}{count}", title, "thread", f"{count} {what}", "ratio",
               None if what else 1.02, operations=20, counted="",
               rounds=1 if what else 10, passes=3 if count > 1000 else 6)


def inspect(name, words, budget=50):
    """The tool beside a process with 1 000 threads: the best of six. The time is what somebody
    waits; processor time stands beside it."""
    return Row(f"inspect.{name}", f"coexist-inspect {words}, 1000 threads", "inspect",
               f"{{inspect}} {words}", "absolute", budget, operations=1,
               per=1_000_000, unit="ms", rounds=3, passes=2, counted="")


def many(name, title, words, kind="over", budget=0, base="", **more):
    """Thread-local state of many modules and many contexts."""
    more.setdefault("operations", 2000)
    return Row(f"many.{name}", title, "tls_many", words, kind, budget, base, passes=4, counted="",
               **more)


def context_memory(name, title, words, budget=None):
    return Row(f"many.{name}", title, "tls_many", words, "absolute", budget, operations=1,
               unit="bytes", rounds=1, passes=3, counted="")


def trace(name, title, base):
    """Stacks of the same process, once: others take seconds to minutes for them."""
    return Row(f"inspect.{name}", title, "inspect", "{inspect} stacks --trace PID", "over", 0, base,
               operations=1, per=1_000_000, unit="ms", rounds=1, passes=1, counted="")


ROWS = [
    dispatch("one", "one owner", "parties=1 mask=none", 1.0, "ratio"),
    dispatch("two", "two owners, the first asked claims, its mask is full", "parties=2", 60),
    dispatch("mask", "the same with a change of the mask", "parties=2 mask=none", 300),
    dispatch("address", "an owner of the touched address as well", "parties=2 address=page", 60),
    dispatch("moved", "frame moved to the interrupted stack", "parties=2 stack=thread", 40, "over",
             base="parties=2 stack=alternate"),
    dispatch("second", "the second claims, the first declines", "parties=2 declines=1"),
    dispatch("owners4", "4 owners (flat?)", "parties=4", 0, "over", base="parties=2"),
    dispatch("owners8", "8 owners (flat?)", "parties=8", 0, "over", base="parties=2"),
    dispatch("owners16", "16 owners (flat?)", "parties=16", 0, "over", base="parties=2"),
    dispatch("threads10", "10 threads", "parties=2 threads=10", 60, counted=""),
    dispatch("threads1000", "1000 threads (flat?)", "parties=2 threads=1000", 60, counted=""),
    Row("owner", "address to owner, 256 regions", "owner", "{owner} 256", "absolute", 50,
        operations=2000),
    Row("owner.module", "address to owner, in a loaded object", "owner", "{owner} 0", "absolute",
        50, operations=2000),
    Row("rcu", "RCU read section", "section", "", "absolute", 2, operations=2000, per=10),
    Row("pin", "pin and unpin", "pin", "0", "absolute", 20, operations=2000, per=8),
    *(Row(f"pin.threads{count}", f"the same beside {count} threads that hold one", "pin",
          str(count), "absolute", 20, operations=2000, per=8, rounds=10, passes=2, counted="")
      for count in (10, 1000, 10000)),
    Row("roots.stack", "roots: 1 KiB of a stopped thread's stack, read (1 GB/s)", "roots",
        "1 16384", "absolute", 1024, operations=4, per=16384),
    Row("roots.threads10", "roots: one of 10 threads, stopped and shown", "roots", "10 4",
        "absolute", per=10_000, unit="us", operations=20, counted=""),
    Row("roots.threads1000", "one of 1000 threads (flat?)", "roots", "1000 4", "absolute",
        per=1_000_000, unit="us", operations=2, rounds=4, counted=""),
    Row("roots.threads10000", "one of 10000 threads (flat?)", "roots", "10000 4", "absolute",
        per=10_000_000, unit="us", operations=1, rounds=2, counted=""),
    Row("roots.libgc", "libgc collects, 64 foreign threads, over 64 of its own", "collection",
        "foreign 64", "over", base="own 64", per=1000, unit="us", operations=4, counted=""),
    Row("sigaction.set", "sigaction, sets a fault's action", "actions", "set", "ratio", 1.1,
        operations=500),
    Row("sigaction.query", "sigaction, asks", "actions", "query", "ratio", 1.1, operations=500),
    Row("sigaction.shared", "sigaction, sets while two share", "actions", "set-shared", "ratio",
        1.1, operations=500),
    Row("sigaction.other", "sigaction, a signal that is not chained", "actions", "set-other",
        "ratio", 1.1, operations=500),
    Row("sigaltstack.set", "sigaltstack, sets", "actions", "stack-set", "ratio", 1.1,
        operations=500),
    Row("sigaltstack.query", "sigaltstack, asks", "actions", "stack-query", "ratio", 1.1,
        operations=500),
    Row("sigmask.set", "pthread_sigmask, blocks all", "actions", "mask-set", operations=500),
    Row("sigmask.query", "pthread_sigmask, asks", "actions", "mask-query", operations=500),
    memory("plain", "mmap+munmap RW, by the app", "map rw app", 1.02),
    memory("code", "mmap+munmap RX, by the app", "map rx app", 1.02),
    memory("runtime", "mmap+munmap RW, by a runtime of 256 regions", "map rw party 256", 1.02),
    memory("runtime-code", "mmap+munmap RX, by a runtime", "map rx party 1"),
    memory("runtime-code256", "the same, 256 regions already", "map rx party 256"),
    memory("protect", "mprotect R and back, by the app", "protect r app", 1.05),
    memory("runtime-protect", "mprotect none and back, by a runtime", "protect - party 1"),
    memory("runtime-protect256", "the same, 256 regions already", "protect - party 256"),
    Row("dlopen.new", "dlopen+dlclose of a new library", "loader", "new", "ratio", 1.1),
    Row("dlopen.again", "dlopen+dlclose of a loaded one", "loader", "again", "ratio", 1.5),
    Row("dlsym", "dlsym of a usual name", "loader", "symbol", "ratio", 1.2, operations=500),
    Row("dlsym.ours", "dlsym of an interposed name", "loader", "symbol-ours", "ratio",
        operations=500),
    Row("container.open", "zlib in a namespace: dlmopen, container", "container_open", "libz.so.1",
        "ratio", 1.3, operations=2),
    Row("container.open-sqlite", "SQLite in a namespace", "container_open", "libsqlite3.so.0",
        "ratio", 1.3, operations=2),
    Row("container.call", "calls over a container's border, by instructions", "container_call", "",
        "ratio", 1.0, operations=500, by="instructions"),
    Row("tls.plain", "__tls_get_addr, no context ever", "tls_access", "", "ratio", 1.1,
        operations=2000),
    Row("tls.mapped", "the same after the program has mapped 64 KiB", "tls_access", "mapped",
        "ratio", 1.1, operations=2000),
    Row("tls.native", "the same on a thread's own stack while fibers live", "tls_access", "native",
        "ratio", operations=2000),
    Row("tls.fiber", "the same on a fiber: a context's block", "tls_access", "fiber", "ratio", 1.0,
        operations=2000),
    Row("tls.first", "first touch of a module, on a fiber", "tls_first", "fiber", "ratio", 1.5,
        counted=""),
    Row("context.enter1", "context entered and left, 1 module", "tls_context", "1", "absolute", 3,
        operations=500, per=8, most=48),
    Row("context.enter1-call", "the same by calls, not inline", "tls_context", "1 call",
        "absolute", operations=500, per=8, most=125),
    Row("context.enter16", "the same, 16 modules", "tls_context", "16", "absolute", 25,
        operations=200, per=8, most=475),
    Row("context.lean", "the same, Lean's variables exchanged", "tls_context", "{lean}",
        "absolute", 25, operations=200, per=8),
    Row("context.register", "coexist_call with a register of the context's own", "tls_register",
        "register", "absolute", 40, operations=1000),
    Row("context.call", "coexist_call on the context's own stack", "tls_register", "plain",
        "absolute", operations=1000),
    many("access", "a context's variable, each of 1000 modules in turn", "access 1000 1",
         "ratio", 1.1),
    many("access-contexts", "the same, 1 module, 100000 fibers (flat?)", "access 1 100000",
         base="access 1 1"),
    many("switch", "to a fiber and back, each of 1000 modules in turn", "switch 1000 1", "ratio",
         1.1),
    many("switch-contexts", "the same, 1 module, each of 100000 fibers in turn",
         "switch 1 100000", "ratio", 1.1),
    many("enter", "context entered and left, 100000 contexts, one of them (flat?)",
         "again 1 100000", base="again 1 1"),
    many("enter-each", "the same, all of them in turn (caches)", "enter 1 100000",
         "over", None, "enter 1 1"),
    many("enter-modules", "the same, 1000 modules, each", "again 1000 1", "absolute",
         None, per=1000, operations=5),
    many("task", "context made, entered, used, left, destroyed", "task 1 1", "absolute", None),
    many("task-many", "the same beside 100000 others (flat?)", "task 1 100000", base="task 1 1"),
    context_memory("bytes", "memory of a context, without its block", "bytes 1 100000", 256),
    context_memory("bytes16", "the same, 16 modules", "bytes 16 20000"),
    context_memory("bytes-fiber", "the same of a fiber of 16 KiB, 1 module", "fibers 1 100000"),
    context_memory("left", "memory that 10 million tasks leave, 625000 fibers among them",
                   "grown 1 10000000", 0),
    Row("mojo-lean", "Mojo's tasks that await and ask Lean 4", "mojo_lean", "", "ratio", 1.01,
        operations=20, counted=""),
    Row("thread", "pthread_create+join", "thread", "0", "ratio", 1.02, operations=20),
    *(live(count, what) for count in (10, 1000, 10000) for what in ("", "grow")),
    Row("start", "start and end of `true`", "start", "", "added", 300_000, operations=1,
        counted=""),
    Row("memory", "private memory of an empty process, beside another", "private", "", "added",
        200, unit="KiB", counted=""),
    Row("fork", "fork+wait", "fork", "", "ratio", operations=1, counted=""),
    Row("fork.exec", "fork+exec+wait of `true`", "fork", "exec", "ratio", operations=1,
        counted=""),
    *(inspect(words.split()[0], words) for words in (
        "list", "status PID", "signals PID", "threads PID", "tls PID", "stacks PID",
        "contexts PID", "containers PID", "collectors PID", "metrics PID", "top --once PID",
        "report PID", "explain SIGSEGV PID", "doctor -- /bin/true")),
    inspect("report-json", "report --json PID"),
    inspect("explain-code", "explain W201 PID"),
    inspect("config", "config show --pid PID"),
    inspect("trace-one", "stacks --trace --thread PID PID"),
    trace("trace", "stacks --trace of 1000 threads, over eu-stack", "eu-stack -p PID"),
    trace("trace-gdb", "the same over gdb", "gdb -nx -batch -ex thread_apply_all_bt -p PID"),
]
