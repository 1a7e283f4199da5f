"""Ruby, embedded. Its own stack is checked in software, the machine stack by a fault."""

import ctypes

from paths import built

# Ruby's own stack: no signal.
SO = "def f; f + 1; end; begin; f; 1; rescue SystemStackError; [3, 4].sum - 7; end"

# The machine stack: a C function of Ruby that calls itself faults on the guard page.
SO2 = """
nest = []
300_000.times { nest = [nest] }
begin
  nest.flatten
  nest.hash
  nest.inspect
  1
rescue SystemStackError
  [3, 4].sum - 7
end
"""


def load(_):
    library = ctypes.CDLL(str(built("ruby", "librb.so")), ctypes.RTLD_GLOBAL)
    assert library.rb_start() == 0

    def check(script):
        def run():
            for _ in range(2):
                wrong = library.rb_run(script.encode())
                assert wrong == 0, wrong

        return run

    return {"so": check(SO), "so2": check(SO2)}
