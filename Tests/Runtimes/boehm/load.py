"""The Boehm collector: no fault handler, but it stops threads with SIGPWR and SIGXCPU."""

import ctypes

from go.load import busy
from paths import built


def load(variant):
    library = ctypes.CDLL(str(built("boehm", f"lib{variant}.so")))
    library.bo_start()

    def gc():
        assert library.bo_gc() == 0

    def ingo():
        """A thread that the collector knows is in a Go call when the world is stopped."""
        assert library.bo_gc_during(busy()) == 0

    return {"gc": gc, "ingo": ingo}
