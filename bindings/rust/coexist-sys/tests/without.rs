//! Without the preload everything is a plain call.
use coexist_sys::{present, version, Context};

#[test]
fn calls_are_plain() {
    if present() {
        assert!(version().is_some());
        return;
    }
    assert_eq!(version(), None);
    let mut context = Context::new().unwrap();
    assert_eq!(context.call(1 << 16, || 6 * 7), Ok(42));
}

#[test]
fn panics_come_back() {
    let mut context = Context::new().unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        context.call(1 << 16, || panic!("on purpose"))
    }));
    assert!(panicked.is_err());
    assert_eq!(context.call(1 << 16, || "still good"), Ok("still good"));
}
