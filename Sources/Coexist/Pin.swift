import CCoexistAPI
import Glibc

/// An object that a collector must not free, although it cannot see who holds it: of Boehm's
/// collector, and what is on it, of Ruby's or of OCaml's. Without `libcoexist.so` preloaded nothing
/// is held.
///
/// Made and ended on any thread, also in a signal handler; neither locks nor allocates, but for the
/// first of all.
///
/// ```swift
/// try Pin.with(object) { object in guest_later(object) }
/// ```
///
/// OCaml 4 moves objects: pin with its lock held, and ask ``object`` again each time after the lock
/// was given up or OCaml may have allocated.
public struct Pin: ~Copyable, @unchecked Sendable {
  private let pin: coexist_pin_t

  /// Throws ``ContextError/noMemory``.
  public init(_ object: UnsafeRawPointer) throws {
    guard let functions = Functions.found else {
      pin = coexist_pin_t(place: nil, object: object)
      return
    }
    let made = functions.pin(object)
    guard made.place != nil else { throw ContextError.noMemory }
    pin = made
  }

  deinit {
    if pin.place != nil { _ = Functions.found?.unpin(pin) }
  }

  /// Where the object is now.
  public var object: UnsafeRawPointer {
    pin.place == nil ? pin.object : Functions.found?.pinned(pin) ?? pin.object
  }

  /// Holds it until `body` has returned or thrown.
  public static func with<Value>(
    _ object: UnsafeRawPointer, _ body: (UnsafeRawPointer) throws -> Value
  ) throws -> Value {
    let pin = try Pin(object)
    return try body(pin.object)
  }
}

/// Memory of which any word may point to an object of a collector's, until it ends.
public struct Region: ~Copyable, @unchecked Sendable {
  private let low: UnsafeMutableRawPointer

  /// Throws ``ContextError/noMemory`` when there are more than 4 096.
  public init(_ memory: UnsafeMutableRawBufferPointer) throws {
    guard let low = memory.baseAddress else { throw ContextError.other(EINVAL) }
    let code = Functions.found?.region(low, memory.count) ?? 0
    try ContextError.check(code)
    self.low = low
  }

  deinit { _ = Functions.found?.regionEnd(low) }
}

extension Coexist {
  /// The border at which an object goes to another thread: a runtime that counts references without
  /// atomic operations while one thread alone has the object must be told, by that thread, before.
  /// So does Lean 4, `"lean"`. False = the runtime is not in the process or needs no such call, or
  /// coexist is not preloaded.
  @discardableResult
  public static func share(_ object: UnsafeMutableRawPointer, of runtime: String) -> Bool {
    Functions.found?.share(runtime, object) == 0
  }
}
