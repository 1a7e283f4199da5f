"""ECL, embedded: takes the fault signals and SIGINT, and its collector is Boehm's."""

import ctypes

from paths import built

GC = """
(let* ((kept (loop for i below 1000 collect i))
       (work (lambda () (loop repeat 1000 do (make-list 1000))))
       (threads (list (mp:process-run-function 'one work) (mp:process-run-function 'two work))))
  (loop repeat 20 do (ext:gc t))
  (mapc #'mp:process-join threads)
  (- (apply #'+ kept) 499500))
"""


def load(_):
    library = ctypes.CDLL(str(built("ecl", "libeclfaults.so")))
    library.ecl_start()

    def check(form, expected):
        def run():
            got = library.ecl_run(form.encode())
            assert got == expected, got

        return run

    return {"gc": check(GC, 0), "call": check("(+ 40 2)", 42)}
