@preconcurrency import CCoexist

// What the core names of preload/, which is not linked here: the core only takes their addresses.

@c(coexist_signal_entry) @implementation
public func coexist_signal_entry(
  _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>!, _ ucontext: UnsafeMutableRawPointer!
) {}

@c(coexist_jvm_previous_action) @implementation
public func coexist_jvm_previous_action() -> UnsafeMutablePointer<sigaction>! {
  UnsafeMutablePointer(bitPattern: 0x1000)
}
