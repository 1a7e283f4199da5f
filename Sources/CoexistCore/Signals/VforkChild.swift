import CCoexist

/// A child of vfork(2) has a mask and actions of its own in the kernel, but our tables are its
/// parent's: what it changes is kept apart, and counts for the program that it starts.
enum VforkChild {
  /// As MaskCalls.change. Nobody else runs in the child, so nothing needs to stay open for others.
  @_noLocks @_noAllocation
  static func changeMask(
    _ how: Int32, _ set: UnsafePointer<UInt64>?, _ old: UnsafeMutablePointer<UInt64>?,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> Int32 {
    let wanted = set?.pointee ?? 0
    let hiddenBefore = hidden(thread)
    let error = MaskCalls.real(how, set, old)
    if error != 0 { return error }
    if let old { old.pointee |= hiddenBefore }
    if set == nil { return 0 }
    begin(thread)
    thread.pointee.child_hidden = how == MaskCalls.setMask ? 0 : hiddenBefore & ~wanted
    return 0
  }

  /// As sigaction(2). What the child has not set it reads as its parent would.
  @_noLocks @_noAllocation
  static func sigaction(
    _ signal: Int32, _ act: UnsafePointer<CCoexist.sigaction>?,
    _ old: UnsafeMutablePointer<CCoexist.sigaction>?, caller: UInt64
  ) -> Int32 {
    guard let thread = Threads.current(), isChained(signal), !hasSet(signal, thread) else {
      return coexist_real_sigaction(signal, act, old)
    }
    let result = coexist_real_sigaction(signal, act, nil)
    if result != 0 { return result }
    if let old {
      var previous = Requests.readBack(signal, Ownership.caller(caller))
      coexist_action_write(&previous, old)
    }
    if act != nil {
      begin(thread)
      thread.pointee.child_actions |= signalBit(signal)
    }
    return 0
  }

  @_noLocks @_noAllocation
  static func hidden(_ thread: UnsafeMutablePointer<coexist_thread>) -> UInt64 {
    coexist_in_vfork() == 2 ? thread.pointee.child_hidden : thread.pointee.hidden
  }

  @_noLocks @_noAllocation
  static func hasSet(_ signal: Int32, _ thread: UnsafeMutablePointer<coexist_thread>) -> Bool {
    coexist_in_vfork() == 2 && thread.pointee.child_actions & signalBit(signal) != 0
  }

  @_noLocks @_noAllocation
  private static func begin(_ thread: UnsafeMutablePointer<coexist_thread>) {
    if coexist_vfork_child_begins() == 0 { return }
    thread.pointee.child_hidden = thread.pointee.hidden
    thread.pointee.child_actions = 0
  }
}
