"""A Swift dynamic library."""

import ctypes

from paths import built


def load(_):
    library = ctypes.CDLL(str(built("swift", "libswiftfaults.so")))

    def basic():
        for _ in range(3):
            assert library.swift_basic() == 0

    return {"basic": basic}
