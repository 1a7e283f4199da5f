import Glibc

/// One logical instance of the thread-local state of every guest library in the process.
///
/// Enter it on any OS thread, call guests, leave it: their `__thread` variables, pthread keys and
/// `thread_local` objects follow. Without `libcoexist.so` preloaded every call succeeds and does
/// nothing, so a program needs no second version of itself.
///
/// ```swift
/// let context = try Context()
/// try context.with { guest_open(file) }      // on one thread
/// try context.with { guest_read() }          // later, on any other
/// ```
///
/// A body is synchronous: a Swift task may go on on another OS thread after `await`.
public final class Context: @unchecked Sendable {
  /// Tells contexts apart. Valid while the context lives.
  public struct ID: Hashable, Sendable {
    let handle: UInt
  }

  private let handle: OpaquePointer?

  /// Throws ``ContextError/noMemory``.
  public init() throws {
    guard let functions = Functions.found else {
      handle = nil
      return
    }
    guard let made = functions.create() else { throw ContextError.noMemory }
    handle = made
  }

  /// Runs the destructors of what guests keep in it. Not while somebody is inside.
  deinit {
    if let handle { _ = Functions.found?.destroy(handle) }
  }

  /// nil without coexist.
  public var id: ID? { handle.map { ID(handle: UInt(bitPattern: $0)) } }

  /// The context that this thread is in: entered by hand, or that of the fiber it runs; nil = the
  /// OS thread's own state.
  public static var current: ID? {
    Functions.found?.current().map { ID(handle: UInt(bitPattern: $0)) }
  }

  /// Throws ``ContextError/busy`` while any thread is inside.
  public func enter() throws {
    guard let handle, let functions = Functions.found else { return }
    try ContextError.check(functions.enter(handle))
  }

  /// Throws ``ContextError/notInnermost`` if this thread has entered another one since.
  public func leave() throws {
    guard let handle, let functions = Functions.found else { return }
    try ContextError.check(functions.leave(handle))
  }

  /// Enters, runs `body`, leaves, also when `body` throws.
  public func with<Value>(_ body: () throws -> Value) throws -> Value {
    try enter()
    let result = Swift.Result { try body() }
    try leave()
    return try result.get()
  }

  /// As ``with(_:)``, on the context's own stack of at least `stackSize` bytes and a guard page,
  /// which its first call makes: for guests that remember where their stack is.
  public func call<Value>(
    stackSize: Int = 1 << 20, _ body: () throws -> Value
  ) throws -> Value {
    guard let handle, let functions = Functions.found else { return try body() }
    return try withoutActuallyEscaping(body) { body in
      var result: Swift.Result<Value, any Error>?
      let run = Body { result = Swift.Result { try body() } }
      let argument = Unmanaged.passUnretained(run).toOpaque()
      let code = withExtendedLifetime(run) {
        functions.call(handle, stackSize, { Body.run($0) }, argument, nil)
      }
      try ContextError.check(code)
      return try result!.get()
    }
  }

  /// What happens to a library's thread-local state in contexts that are made later. `library` is a
  /// SONAME; a last `*` matches any rest.
  public static func setPolicy(_ policy: ModulePolicy, for library: String) throws {
    guard let functions = Functions.found else { return }
    try ContextError.check(functions.policy(library, policy.rawValue))
  }
}

/// What happens to a library's thread-local state (`coexist-inspect tls` shows what was chosen).
public enum ModulePolicy: Int32, Sendable {
  /// It belongs to the OS thread.
  case native = 1
  /// Each context has its own.
  case context = 2
  /// Its bytes are exchanged at each switch: for initial-exec code without pointers to itself.
  case copy = 3
  /// Its own in contexts entered by hand, the thread's on fibers.
  case entered = 4
  /// ``Context/call(stackSize:_:)`` runs on an OS thread of the context's own: for initial-exec
  /// code of any kind.
  case proxy = 5
  /// ``Context/call(stackSize:_:)`` runs with an FS register of the context's own: as `proxy`, at
  /// the price of a function call; some code is refused.
  case register = 6
}

public enum ContextError: Error, Equatable, Sendable {
  /// A thread is inside the context.
  case busy
  /// It is not the innermost context of this thread.
  case notInnermost
  case noMemory
  /// The library's code cannot be served so; it keeps its native behaviour.
  case unsupported
  /// Another errno value.
  case other(Int32)

  static func check(_ code: Int32) throws {
    switch code {
    case 0: return
    case EBUSY: throw busy
    case EPERM: throw notInnermost
    case ENOMEM: throw noMemory
    case EOPNOTSUPP: throw unsupported
    default: throw other(code)
    }
  }
}

private final class Body {
  private let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }

  static func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    Unmanaged<Body>.fromOpaque(argument!).takeUnretainedValue().body()
    return nil
  }
}
