"""OCaml 4, embedded in a shared library."""

import ctypes

from paths import built


def load(_):
    library = ctypes.CDLL(str(built("ocaml", "liboc.so")))
    library.oc_start()

    def check(name):
        def run():
            wrong = library.oc_check(name.encode())
            assert wrong == 0, f"step {wrong}"

        return run

    return {name: check(name) for name in ("so", "churn")}
