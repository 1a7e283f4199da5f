"""Guile, embedded: its collector runs while its threads allocate."""

import ctypes

from paths import built

GC = """
(let* ((kept (iota 1000))
       (work (lambda () (let loop ((i 0)) (if (< i 200) (begin (iota 1000) (loop (+ i 1)))))))
       (threads (list (call-with-new-thread work) (call-with-new-thread work))))
  (do ((i 0 (+ i 1))) ((= i 20)) (gc))
  (for-each join-thread threads)
  (- (apply + kept) 499500))
"""


def load(_):
    library = ctypes.CDLL(str(built("guile", "libguilefaults.so")))
    assert library.guile_run(b"42") == 42

    def gc():
        assert library.guile_run(b"(use-modules (ice-9 threads))" + GC.encode()) == 0

    return {"gc": gc}
