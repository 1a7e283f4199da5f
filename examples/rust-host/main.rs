// Rust is the host, with threads of its own that call Mojo and Lean 4. Bare, Mojo has no runtime.
use coexist_sys::Context;
use std::os::raw::c_long;
use std::panic;
use std::thread;

extern "C" {
    fn lean_start() -> c_long;
    fn lean_solves() -> c_long;
    fn lean_counts(depth: c_long) -> c_long;
    fn mojo_squares(n: c_long) -> c_long;
}

fn main() {
    panic::set_hook(Box::new(|_| {}));
    println!("Lean starts: {}", unsafe { lean_start() });
    let threads: Vec<_> = (1..=4)
        .map(|n| thread::spawn(move || unsafe { (mojo_squares(n), lean_solves()) }))
        .collect();
    for (n, thread) in threads.into_iter().enumerate() {
        let (squares, solved) = thread.join().unwrap();
        println!("thread {}: Mojo {}, Lean {}", n + 1, squares, solved);
    }
    let panicked = panic::catch_unwind(|| panic!("on purpose")).is_err();
    println!("a panic, caught: {}", panicked);
    let deep = thread::spawn(|| {
        let mut context = Context::new().unwrap();
        let again = panic::catch_unwind(panic::AssertUnwindSafe(|| {
            context.call(1 << 30, || -> i32 { panic!("on the other stack") })
        }));
        println!("a panic on the other stack, caught: {}", again.is_err());
        context.call(1 << 30, || unsafe { lean_counts(1_000_000) })
    });
    println!("a million calls deep, on a Rust thread: {:?}", deep.join().unwrap());
}
