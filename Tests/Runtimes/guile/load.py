"""Guile, embedded: its collector runs while its threads allocate."""

import ctypes

from go.load import busy
from paths import built

GC = """
(let* ((kept (iota 1000))
       (work (lambda () (let loop ((i 0)) (if (< i 200) (begin (iota 1000) (loop (+ i 1)))))))
       (threads (list (call-with-new-thread work) (call-with-new-thread work))))
  (do ((i 0 (+ i 1))) ((= i 20)) (gc))
  (for-each join-thread threads)
  (- (apply + kept) 499500))
"""


# A thread of Guile's is in a C call of about a second when the world is stopped.
DURING = """
(use-modules (ice-9 threads) (system foreign))
(let* ((call (pointer->procedure int (make-pointer {address}) '()))
       (kept (iota 1000))
       (thread (call-with-new-thread (lambda () (let ((mine (iota 1000))) (call) (apply + mine))))))
  (do ((i 0 (+ i 1))) ((= i 8)) (usleep 100000) (gc))
  (- (join-thread thread) (apply + kept)))
"""


def load(_):
    library = ctypes.CDLL(str(built("guile", "libguilefaults.so")))
    assert library.guile_run(b"42") == 42

    def gc():
        assert library.guile_run(b"(use-modules (ice-9 threads))" + GC.encode()) == 0

    def ingo():
        address = ctypes.cast(busy(), ctypes.c_void_p).value
        assert library.guile_run(DURING.format(address=address).encode()) == 0

    return {"gc": gc, "ingo": ingo}
