//! One piece of work on two threads: what the guest library remembers goes along with its context.
use coexist_sys::{version, Context};
use std::os::raw::c_long;
use std::thread;

extern "C" {
    fn guest_calls() -> c_long;
}

fn main() {
    println!("coexist: {}", version().as_deref().unwrap_or("not preloaded"));
    let mut context = Context::new().expect("no memory");
    for _ in 0..2 {
        context = thread::spawn(move || {
            let count = context.call(1 << 20, || unsafe { guest_calls() });
            println!("the guest counts {}", count.expect("the context is in use"));
            context
        })
        .join()
        .unwrap();
    }
}
