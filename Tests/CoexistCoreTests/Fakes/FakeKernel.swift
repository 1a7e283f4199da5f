import Foundation

@preconcurrency import CCoexist

/// What the core takes for libc and the kernel: holds actions and alternate stacks as Linux would,
/// records each call, and fails the n-th.
final class FakeKernel: @unchecked Sendable {
  static let shared = FakeKernel()
  static let restorer: UInt64 = 0x7EE7_0000

  enum Call: Equatable {
    case getAction(Int32)
    case setAction(Int32)
    case stack
  }

  private let lock = NSLock()
  private var actions: [Action] = []
  private var stack = stack_t()
  private(set) var calls: [Call] = []
  private var failure: (call: Int, error: Int32)?

  func reset() {
    lock.withLock {
      actions = Array(repeating: Action(handler: 0), count: 65)
      stack = stack_t()
      calls = []
      failure = nil
    }
  }

  /// The n-th call from now on (1 = the next) fails.
  func fail(_ call: Int, with error: Int32) { lock.withLock { failure = (call, error) } }

  func forgetCalls() { lock.withLock { calls = [] } }

  func held(_ signal: Int32) -> Action { lock.withLock { actions[Int(signal)] } }

  var heldStack: stack_t { lock.withLock { stack } }

  /// Somebody installs past the core: a raw system call.
  func hold(_ action: Action, _ signal: Int32) { lock.withLock { actions[Int(signal)] = action } }

  private func begin(_ call: Call) -> Bool {
    // 100 000 steps are not remembered: a test that looks at the calls makes few.
    if calls.count < 1000 { calls.append(call) }
    guard let pending = failure else { return true }
    failure = pending.call == 1 ? nil : (pending.call - 1, pending.error)
    if pending.call == 1 { errno = pending.error }
    return pending.call != 1
  }

  func action(
    _ signal: Int32, _ new: UnsafePointer<sigaction>?, _ old: UnsafeMutablePointer<sigaction>?
  ) -> Int32 {
    lock.withLock {
      guard begin(new == nil ? .getAction(signal) : .setAction(signal)) else { return -1 }
      // glibc refuses its own two signals, the kernel SIGKILL and SIGSTOP if something is new.
      guard (1...64).contains(signal), signal != 32, signal != 33,
        new == nil || (signal != 9 && signal != 19)
      else {
        errno = EINVAL
        return -1
      }
      let wanted = new.map { Action($0.pointee).kept }
      old?.pointee = actions[Int(signal)].native
      if let wanted { actions[Int(signal)] = wanted }
      return 0
    }
  }

  func alternateStack(_ new: UnsafePointer<stack_t>?, _ old: UnsafeMutablePointer<stack_t>?)
    -> Int32
  {
    lock.withLock {
      guard begin(.stack) else { return -1 }
      old?.pointee = stack
      if stack.ss_size == 0 { old?.pointee.ss_flags |= 2 }
      guard let new else { return 0 }
      stack = new.pointee
      if stack.ss_flags & 2 != 0 { stack.ss_size = 0 }
      return 0
    }
  }

  /// libc's table, with the functions that the core itself calls.
  static func install() {
    shared.reset()
    coexist_real = CCoexist.coexist_real()
    coexist_real.sigaction = { FakeKernel.shared.action($0, $1, $2) }
    coexist_real.sigaltstack = { FakeKernel.shared.alternateStack($0, $1) }
  }
}
