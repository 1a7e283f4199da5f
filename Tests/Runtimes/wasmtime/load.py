"""Wasmtime through its own Python package."""

from pathlib import Path

import wasmtime


def load(_):
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    source = Path(__file__).with_name("faults.wat").read_text()
    exports = wasmtime.Instance(store, wasmtime.Module(engine, source), []).exports(store)

    def traps(name, code, *arguments):
        def run():
            for _ in range(3):
                try:
                    exports[name](store, *arguments)
                except wasmtime.Trap as trap:
                    assert trap.trap_code == code, trap.trap_code
                else:
                    raise AssertionError("no trap")
            assert exports["div"](store, 7) == 1

        return run

    overflow = traps("so", wasmtime.TrapCode.STACK_OVERFLOW)

    def so():
        overflow()
        assert exports["calls"](store) > 100

    return {
        "unr": traps("unr", wasmtime.TrapCode.UNREACHABLE),
        "oob": traps("oob", wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS),
        "div": traps("div", wasmtime.TrapCode.INTEGER_DIVISION_BY_ZERO, 0),
        "so": so,
    }
