"""One piece of work on two threads: the guest library remembers, by its context."""

import ctypes
import sys
from threading import Thread

import coexist

guest = ctypes.CDLL(sys.argv[1])
print("coexist:", coexist.version() or "not preloaded")
with coexist.Context() as context:
    for _ in range(2):
        thread = Thread(target=lambda: print("the guest counts", context.call(guest.guest_calls)))
        thread.start()
        thread.join()
