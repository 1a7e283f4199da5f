;; Deliberate WebAssembly traps: each is a hardware fault in Wasmtime's code.
(module
  (memory (export "memory") 1)
  (global $calls (mut i32) (i32.const 0))
  (func (export "unr") (result i32) unreachable)
  (func (export "oob") (result i32) (i32.load (i32.const 0x7fff0000)))
  (func (export "div") (param i32) (result i32) (i32.div_s (i32.const 7) (local.get 0)))
  (func $so (export "so") (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.add (call $so) (i32.const 1)))
  (func (export "calls") (result i32) (global.get $calls)))
