"""Calls that go through several runtimes on one thread, with faults on both sides of the border."""

import ctypes

from go.load import NIL
from paths import built


def go_nil():
    """A nil dereference in Go, whoever's thread this is."""
    library = ctypes.CDLL(str(built("go", "libgo127.so")))
    library.FaultsNil.restype = ctypes.c_char_p
    text = library.FaultsNil().decode()
    assert text == NIL, text
    return 1


def java_to_go():
    """Threads of a Java pool call Python, which calls Go; then Java takes a null check there."""
    import jpype

    faults = jpype.JClass("Faults")
    pool = jpype.JClass("java.util.concurrent.Executors").newFixedThreadPool(2)

    def visit():
        go_nil()
        return jpype.JInt(42) if faults.npe() == "" else jpype.JInt(0)

    callable = jpype.JProxy("java.util.concurrent.Callable", dict={"call": visit})

    def run():
        futures = [pool.submit(callable) for _ in range(4)]
        answers = [int(future.get()) for future in futures]
        assert answers == [42] * 4, answers

    return {"pool": run}, {}


def wasm_to_go():
    """WebAssembly calls Python, which calls Go; then it traps."""
    import wasmtime

    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    text = """(module (import "host" "go" (func $go (result i32)))
      (func (export "visit") (param i32) (result i32)
        (i32.div_s (i32.mul (call $go) (i32.const 42)) (local.get 0))))"""
    kind = wasmtime.FuncType([], [wasmtime.ValType.i32()])
    imported = wasmtime.Func(store, kind, go_nil)
    exports = wasmtime.Instance(store, wasmtime.Module(engine, text), [imported]).exports(store)

    def run():
        assert exports["visit"](store, 2) == 21
        try:
            exports["visit"](store, 0)
        except wasmtime.Trap as trap:
            assert trap.trap_code == wasmtime.TrapCode.INTEGER_DIVISION_BY_ZERO, trap.trap_code
        else:
            raise AssertionError("no trap")

    return {"visit": run}, {}


def lean_to_mojo():
    """A task of Lean's waits for a task of Mojo's."""
    work = ctypes.CDLL(str(built("lean", "libwork.so")))
    square = ctypes.CDLL(str(built("mojo", "libpool.so"))).pool_square
    work.work_task_calls.restype = ctypes.c_long

    def run():
        for n in range(10):
            got = work.work_task_calls(square, ctypes.c_long(n))
            assert got == n * n, got

    return {"task": run}, {}


# Guile and Boehm's threads inside Go while the world stops are checks of their own: guile.ingo.
BORDERS = {
    "java-go": ({"jvm17", "go127"}, java_to_go),
    "wasm-go": ({"wasm", "go127"}, wasm_to_go),
    "lean-mojo": ({"lean", "mojo"}, lean_to_mojo),
}


def between(names):
    """The borders between the members that are there."""
    return {name: make for name, (needs, make) in BORDERS.items() if needs <= names}
