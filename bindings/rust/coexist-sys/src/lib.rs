//! Contexts of coexist for Rust hosts: guests' thread-local state, and stacks of any size.
//!
//! Nothing is linked: the functions are looked up in the process. Without `libcoexist.so` preloaded
//! a [`Context`] does nothing and [`Context::call`] calls the closure where it is. The C interface,
//! with all its rules, is `coexist.h`.

use std::ffi::CStr;
use std::os::raw::{c_char, c_int, c_void};
use std::panic::{self, AssertUnwindSafe};

extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

fn find(name: &'static [u8]) -> Option<*mut c_void> {
    debug_assert_eq!(name.last(), Some(&0));
    // A null handle is RTLD_DEFAULT.
    let found = unsafe { dlsym(std::ptr::null_mut(), name.as_ptr() as *const c_char) };
    if found.is_null() { None } else { Some(found) }
}

type Body = unsafe extern "C" fn(*mut c_void) -> *mut c_void;
type Call = unsafe extern "C" fn(
    *mut c_void, usize, Body, *mut c_void, *mut *mut c_void,
) -> c_int;

/// Is this process run under coexist?
pub fn present() -> bool {
    find(b"coexist_version\0").is_some()
}

/// The version of the `libcoexist.so` that runs in this process.
pub fn version() -> Option<String> {
    let function = find(b"coexist_version\0")?;
    let version: unsafe extern "C" fn() -> *const c_char =
        unsafe { std::mem::transmute(function) };
    // A literal of the library, which is never unloaded.
    let text = unsafe { CStr::from_ptr(version()) };
    Some(text.to_string_lossy().into_owned())
}

/// One logical instance of the guests' thread-local state, with a stack of its own.
pub struct Context(*mut c_void);

// A context enters any thread, one at a time: coexist refuses a second one (EBUSY).
unsafe impl Send for Context {}

impl Context {
    /// `None`: there is no memory.
    pub fn new() -> Option<Context> {
        match find(b"coexist_context_create\0") {
            None => Some(Context(std::ptr::null_mut())),
            Some(function) => {
                let create: unsafe extern "C" fn() -> *mut c_void =
                    unsafe { std::mem::transmute(function) };
                let made = unsafe { create() };
                if made.is_null() { None } else { Some(Context(made)) }
            }
        }
    }

    /// Runs the closure inside the context, on its stack (made at the first call, of at least this
    /// size). A panic goes on in the caller. `Err` is an errno value.
    pub fn call<R, F: FnOnce() -> R>(&mut self, stack_size: usize, body: F) -> Result<R, i32> {
        if self.0.is_null() {
            return Ok(body());
        }
        let function = find(b"coexist_call\0").expect("a context without coexist_call");
        let call: Call = unsafe { std::mem::transmute(function) };
        let mut work = Work { body: Some(body), result: None };
        let argument = &mut work as *mut Work<R, F> as *mut c_void;
        let error =
            unsafe { call(self.0, stack_size, run::<R, F>, argument, std::ptr::null_mut()) };
        match work.result {
            _ if error != 0 => Err(error),
            Some(Ok(value)) => Ok(value),
            Some(Err(panicked)) => panic::resume_unwind(panicked),
            None => unreachable!(),
        }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if let (false, Some(function)) = (self.0.is_null(), find(b"coexist_context_destroy\0")) {
            let destroy: unsafe extern "C" fn(*mut c_void) -> c_int =
                unsafe { std::mem::transmute(function) };
            unsafe { destroy(self.0) };
        }
    }
}

struct Work<R, F> {
    body: Option<F>,
    result: Option<std::thread::Result<R>>,
}

unsafe extern "C" fn run<R, F: FnOnce() -> R>(argument: *mut c_void) -> *mut c_void {
    let work = &mut *(argument as *mut Work<R, F>);
    let body = work.body.take().unwrap();
    // A panic must not leave through C.
    work.result = Some(panic::catch_unwind(AssertUnwindSafe(body)));
    argument
}
