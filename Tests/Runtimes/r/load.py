"""R, embedded. Takes the fault signals, Ctrl-C, SIGUSR1, SIGUSR2 and SIGPIPE."""

import ctypes

from paths import built

GC = """{
  kept <- as.list(1:1000)
  for (i in 1:20) { work <- lapply(1:1000, function(n) c(n, n)); gc() }
  sum(unlist(kept)) - 500500L
}"""

# Its own function, not its stack check, runs onto the guard page; R goes on at its top level.
SO = """{
  options(expressions = 500000)
  deep <- function(n) deep(n + 1)
  deep(1)
}"""

FAILED = -1

EXITS = "sum(vapply(1:20, function(n) system(paste('exit', n)) != n, logical(1)))"


def load(_):
    library = ctypes.CDLL(str(built("r", "librfaults.so")), ctypes.RTLD_GLOBAL)
    library.r_start()

    def check(script, expected=0):
        def run():
            got = library.r_run(script.encode())
            assert got == expected, got

        return run

    def so():
        for _ in range(2):
            check(SO, FAILED)()
            check("sum(c(20L, 22L))", 42)()

    return {"so": so, "gc": check(GC), "exits": check(EXITS)}
