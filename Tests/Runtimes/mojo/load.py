"""A Mojo shared library, whose tasks run on Mojo's own threads."""

import ctypes

from paths import built


def load(_):
    library = ctypes.CDLL(str(built("mojo", "libpool.so")))
    library.pool_squares.restype = ctypes.c_long

    def tasks():
        for n in range(20):
            got = library.pool_squares(ctypes.c_long(n))
            assert got == n * n + (n + 1) ** 2, got

    return {"tasks": tasks}
