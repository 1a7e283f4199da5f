"""A GHC foreign library."""

import ctypes

from paths import built


def load(_):
    library = ctypes.CDLL(str(built("ghc", "libhs.so")), ctypes.RTLD_GLOBAL)
    library.hs_init(None, None)

    def div():
        for _ in range(3):
            assert library.hsDiv(0) == 0

    def thr():
        assert library.hsThr() == 0

    return {"div": div, "thr": thr}
