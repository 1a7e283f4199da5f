import CCoexist

/// The signals being handled on a thread, innermost last. A handler may leave by longjmp, an
/// exception or a context switch without telling; the stack pointer shows that it did.
enum Dispatches {
  /// The innermost dispatch that is still alive on this thread.
  @_noLocks @_noAllocation
  static func innermost() -> UnsafeMutablePointer<coexist_dispatch>? {
    guard let thread = coexist_thread_self(), thread.pointee.depth > 0 else { return nil }
    return innermost(on: thread, sp: coexist_current_sp())
  }

  /// The thread is about to jump up its stack. `hidden`: what was hidden where the mask that the
  /// jump brings back was saved; nil if it brings none.
  @_noLocks @_noAllocation
  static func jump(to sp: UInt64, hidden: UInt64?) {
    guard let thread = coexist_thread_self() else { return }
    let leaves = thread.pointee.depth > 0
    if !leaves, hidden ?? thread.pointee.hidden == thread.pointee.hidden { return }
    // What is held comes when the last of these masks is in force; libc sets the one it saved.
    let mask = thread.pointee.held_count != 0 ? SignalMask.blockAll(.max) : nil
    if leaves { _ = innermost(on: thread, sp: sp) }
    if let hidden {
      let opened = thread.pointee.hidden & ~hidden
      thread.pointee.hidden = hidden
      Held.release(opened, thread)
    }
    if hidden == nil, let mask { SignalMask.restore(mask) }
  }

  /// The same, if the handler that runs is the runtime's.
  @_noLocks @_noAllocation
  static func live(of runtime: UInt32) -> UnsafeMutablePointer<coexist_dispatch>? {
    guard let dispatch = innermost(), dispatch.pointee.runtime == runtime else { return nil }
    return dispatch
  }

  @_noLocks @_noAllocation
  static func innermost(
    on thread: UnsafeMutablePointer<coexist_thread>, sp: UInt64
  ) -> UnsafeMutablePointer<coexist_dispatch>? {
    // When a handler has left, so have all that interrupted it.
    for index in 0..<thread.pointee.depth
    where !isAlive(coexist_thread_dispatch(thread, index)!, sp: sp, on: thread) {
      while thread.pointee.depth > index {
        left(coexist_thread_dispatch(thread, thread.pointee.depth &- 1)!)
      }
      break
    }
    let depth = thread.pointee.depth
    return depth == 0 ? nil : coexist_thread_dispatch(thread, depth &- 1)
  }

  /// Room for one more; nil when the nesting is too deep to follow.
  @_noLocks @_noAllocation @inline(__always)
  static func push(
    on thread: UnsafeMutablePointer<coexist_thread>
  ) -> UnsafeMutablePointer<coexist_dispatch>? {
    let depth = thread.pointee.depth
    guard depth < UInt32(COEXIST_DISPATCH_DEPTH) else { return nil }
    thread.pointee.depth = depth &+ 1
    return coexist_thread_dispatch(thread, depth)
  }

  @_noLocks @_noAllocation @inline(__always)
  static func pop(_ dispatch: UnsafeMutablePointer<coexist_dispatch>) {
    let thread = dispatch.pointee.thread!
    while thread.pointee.depth > 0 {
      thread.pointee.depth &-= 1
      if coexist_thread_dispatch(thread, thread.pointee.depth) == dispatch { return }
    }
  }

  /// The lowest place on a stack at which a handler that runs was interrupted; 0 = none was there.
  @_noLocks @_noAllocation
  static func lowest(on stack: stack_t, _ thread: UnsafeMutablePointer<coexist_thread>) -> UInt64 {
    var lowest: UInt64 = 0
    for index in 0..<thread.pointee.depth {
      let sp = coexist_thread_dispatch(thread, index)!.pointee.registers.sp
      guard AlternateStack.contains(stack, sp) else { continue }
      lowest = lowest == 0 ? sp : min(lowest, sp)
    }
    return lowest
  }

  /// It never came back: it handled its event, and what it put back holds.
  @_noLocks @_noAllocation
  private static func left(_ dispatch: UnsafeMutablePointer<coexist_dispatch>) {
    dispatch.pointee.thread.pointee.depth &-= 1
    Recorder.claimed(dispatch)
    HandlerMask.leave(dispatch, dispatch.pointee.thread)
    Decline.apply(dispatch)
  }

  /// On the handler's own stack, or on the interrupted one, a stack pointer above the frame means
  /// that the frame is gone. On any other stack nothing is known, and it counts as alive.
  @_noLocks @_noAllocation
  private static func isAlive(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, sp: UInt64,
    on thread: UnsafeMutablePointer<coexist_thread>
  ) -> Bool {
    let current = Stacks.containing(sp, on: thread)
    let handler = Stacks.containing(dispatch.pointee.handler_sp, on: thread)
    if current == handler { return sp <= dispatch.pointee.handler_sp }
    let interrupted = dispatch.pointee.registers.sp
    if current == Stacks.containing(interrupted, on: thread) { return sp < interrupted }
    return true
  }
}
