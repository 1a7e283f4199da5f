import CCoexist

/// HotSpot asks for the action below its own at each event (libjsig's interface). While others are
/// to be asked it is shown one that says "declined"; else none, and it reports as it would alone.
enum Jvm {
  @_noLocks @_noAllocation
  static func previous(_ signal: Int32) -> UnsafeMutablePointer<sigaction>? {
    guard let dispatch = Dispatches.innermost(), dispatch.pointee.signal == signal,
      dispatch.pointee.pass != COEXIST_PASS_BOTTOM.rawValue
    else { return nil }
    return coexist_jvm_previous_action()
  }

  @_noLocks @_noAllocation
  static func calledPrevious() {
    guard let dispatch = Dispatches.innermost() else { return }
    dispatch.pointee.how = COEXIST_HOW_CALLED_PREVIOUS.rawValue
  }
}
