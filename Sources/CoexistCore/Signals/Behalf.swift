import CCoexist

/// Code of nobody's acts for whoever calls it, as an extension module does for its language. Whose
/// that is stands on the stack.
enum Behalf {
  private static let mostFrames = 64

  /// The owner of the first code, from this frame up, that is neither a library of the system's nor
  /// one of nobody's that never asked for the signal. nil = the tables do not say.
  @_noLocks @_noAllocation
  static func owner(from start: coexist_frame, _ signal: Int32) -> UInt32? {
    var frame = start
    for _ in 0..<mostFrames {
      let owner = Ownership.owner(of: frame.pc)
      if owner != Runtimes.system, !actsForItsCaller(frame.pc, owner, signal) { return owner }
      guard coexist_frame_up(&frame) != 0 else { return nil }
    }
    return nil
  }

  @_noLocks @_noAllocation
  private static func actsForItsCaller(_ pc: UInt64, _ owner: UInt32, _ signal: Int32) -> Bool {
    Ownership.isAnonymous(pc, owner) && Requests.action(signal, owner) == nil
  }
}
