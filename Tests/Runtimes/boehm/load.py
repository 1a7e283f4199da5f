"""The Boehm collector: no fault handler, but it stops threads with SIGPWR and SIGXCPU."""

import ctypes

from paths import built


def load(_):
    library = ctypes.CDLL(str(built("boehm", "libbo.so")))
    library.bo_start()

    def gc():
        assert library.bo_gc() == 0

    return {"gc": gc}
