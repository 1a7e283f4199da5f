import CCoexist

/// "Not mine": a handler returns nothing, so what it does while it runs tells. What it puts back
/// meanwhile is written down here instead of done: if it declined, its handler stays installed for
/// the next event; if it meant it, it is done when the handler has left.
enum Decline {
  @_noLocks @_noAllocation
  static func journal(
    _ action: coexist_action, _ signal: Int32, in dispatch: UnsafeMutablePointer<coexist_dispatch>
  ) {
    if signal == dispatch.pointee.signal { dispatch.pointee.how = COEXIST_HOW_RESET.rawValue }
    write(action, signal, in: dispatch)
  }

  /// SA_RESETHAND: the kernel puts SIG_DFL back before the handler runs. That alone is no decline.
  @_noLocks @_noAllocation
  static func resetBeforehand(
    _ action: coexist_action, in dispatch: UnsafeMutablePointer<coexist_dispatch>
  ) {
    var reset = action
    reset.handler = 0
    write(reset, dispatch.pointee.signal, in: dispatch)
  }

  @_noLocks @_noAllocation
  private static func write(
    _ action: coexist_action, _ signal: Int32, in dispatch: UnsafeMutablePointer<coexist_dispatch>
  ) {
    forget(signal, in: dispatch)
    let count = dispatch.pointee.journal_count
    guard count < UInt32(COEXIST_JOURNAL_MAX) else { return }
    let entry = coexist_dispatch_journal(dispatch, count)!
    entry.pointee.signal = UInt16(truncatingIfNeeded: signal)
    entry.pointee.action = action
    dispatch.pointee.journal_count = count &+ 1
  }

  /// The handler asked for something else after all.
  @_noLocks @_noAllocation
  static func forget(_ signal: Int32, in dispatch: UnsafeMutablePointer<coexist_dispatch>) {
    let count = dispatch.pointee.journal_count
    for index in 0..<count {
      let entry = coexist_dispatch_journal(dispatch, index)!
      if entry.pointee.signal == UInt16(truncatingIfNeeded: signal) {
        entry.pointee = coexist_dispatch_journal(dispatch, count &- 1)!.pointee
        dispatch.pointee.journal_count = count &- 1
        return
      }
    }
  }

  @_noLocks @_noAllocation
  static func journaled(
    _ signal: Int32, in dispatch: UnsafeMutablePointer<coexist_dispatch>
  ) -> coexist_action? {
    for index in 0..<dispatch.pointee.journal_count {
      let entry = coexist_dispatch_journal(dispatch, index)!
      if entry.pointee.signal == UInt16(truncatingIfNeeded: signal) { return entry.pointee.action }
    }
    return nil
  }

  /// The handler left as one that handled its event: what it put back holds.
  @_noLocks @_noAllocation @inline(__always)
  static func apply(_ dispatch: UnsafeMutablePointer<coexist_dispatch>) {
    for index in 0..<dispatch.pointee.journal_count {
      let entry = coexist_dispatch_journal(dispatch, index)!
      let signal = Int32(entry.pointee.signal)
      if Requests.put(entry.pointee.action, signal, dispatch.pointee.runtime) {
        Installer.converge(signal)
      }
    }
    dispatch.pointee.journal_count = 0
  }

  /// A signal that the thread sends itself while a handler of the same one runs: a decline if that
  /// handler no longer wants it. Then nothing is sent: the next link gets the original event.
  @_noLocks @_noAllocation
  static func swallows(_ signal: Int32, caller: UInt64, how: UInt32) -> Bool {
    guard let dispatch = Dispatches.innermost(),
      dispatch.pointee.signal == signal
    else { return false }
    let sender = Ownership.owner(of: caller)
    guard sender == dispatch.pointee.runtime || sender == Runtimes.system else { return false }
    let isReset = journaled(signal, in: dispatch).map { $0.handler <= 1 } ?? false
    // A handler of a sent signal may well send the next one.
    let isRequeued = how == COEXIST_HOW_REQUEUED.rawValue && dispatch.pointee.delivery == 0
    guard isReset || isRequeued else { return false }
    dispatch.pointee.how = how
    return true
  }

  /// Did the handler that just returned decline? `changed`: it edited the interrupted registers.
  @_noLocks @_noAllocation @inline(__always)
  static func judge(how: UInt32, changed: Bool, delivery: Bool = false) -> Bool {
    // A handler of a sent signal that puts SIG_DFL back is done with it, and has handled this one.
    if delivery {
      return how == COEXIST_HOW_RAISED.rawValue || how == COEXIST_HOW_REQUEUED.rawValue
    }
    switch coexist_how(how) {
    case COEXIST_HOW_RAISED, COEXIST_HOW_REQUEUED, COEXIST_HOW_CALLED_PREVIOUS, COEXIST_HOW_RESET:
      return !changed
    default:
      return false
    }
  }
}
