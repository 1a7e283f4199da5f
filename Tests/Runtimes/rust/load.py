"""A Rust cdylib."""

import ctypes

from paths import built


def load(_):
    library = ctypes.CDLL(str(built("rust", "librust.so")))

    def panic():
        for _ in range(3):
            assert library.faults_panic(ctypes.c_size_t(3)) == 0

    return {"panic": panic}
