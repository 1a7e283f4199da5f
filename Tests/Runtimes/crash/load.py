"""A C library with bugs: its checks end the process."""

import ctypes

from paths import built


def load(_):
    library = ctypes.CDLL(str(built("crash", "libcrash.so")))
    return {name: getattr(library, f"crash_{name}") for name in ("segv", "fpe", "ill", "abort")}
