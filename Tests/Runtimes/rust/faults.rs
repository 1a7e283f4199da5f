// A Rust cdylib: a panic that is caught, in a library that installs no signal handler.
use std::panic::catch_unwind;

#[no_mangle]
pub extern "C" fn faults_panic(index: usize) -> i32 {
    let caught = catch_unwind(move || {
        let empty: Vec<i32> = Vec::new();
        empty[index]
    });
    caught.is_ok() as i32
}
