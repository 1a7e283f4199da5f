"""V8 through mini-racer."""

import py_mini_racer

# (module (memory 1) (func (export "f") (result i32) i32.const 0x7fff0000 i32.load))
WASM = (
    "0,97,115,109,1,0,0,0,1,5,1,96,0,1,127,3,2,1,0,5,3,1,0,1,7,5,1,1,102,0,0,"
    "10,13,1,11,0,65,128,128,252,255,7,40,2,0,11"
)


def load(_):
    context = py_mini_racer.MiniRacer()

    def throws(script, expected):
        def run():
            for _ in range(3):
                text = context.eval(f"try {{ {script}; 'nothing' }} catch (e) {{ String(e) }}")
                assert expected in text, text
            assert context.eval("6 * 7") == 42

        return run

    return {
        "oob": throws(
            f"new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([{WASM}])))"
            ".exports.f()",
            "memory access out of bounds",
        ),
        "so": throws("(function f() { return f() + 1 })()", "Maximum call stack size exceeded"),
    }
