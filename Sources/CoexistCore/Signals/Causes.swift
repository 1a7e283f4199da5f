import CCoexist
import Synchronization

/// Who asked the kernel for a signal, by what its siginfo says of the cause.
enum Causes {
  /// A runtime asked. What it asked for before under the same key was for the same cause.
  @_noLocks @_noAllocation
  static func asked(_ kind: coexist_cause, _ key: Int32, by runtime: UInt32) {
    let place = place(kind, key)
    let entry = entry(kind, key) | UInt64(runtime)
    for step in 0..<reach {
      let word = atomic(coexist_cause_at(place &+ step))
      let old = word.pointee.load(ordering: .relaxed)
      if old == 0 || old & ~255 == entry & ~255,
        word.pointee.compareExchange(expected: old, desired: entry, ordering: .releasing).exchanged
      {
        return
      }
    }
    // Nothing says when a cause is gone. The oldest guess is the best one to forget.
    atomic(coexist_cause_at(place)).pointee.store(entry, ordering: .releasing)
  }

  /// nil = nobody is known to have asked for this one.
  @_noLocks @_noAllocation
  static func owners(
    _ signal: Int32, _ code: Int32, _ info: UnsafeMutablePointer<siginfo_t>
  ) -> UInt64? {
    switch code {
    case -2: return timer(coexist_info_timer(info), signal, info)
    case -3: return owner(COEXIST_CAUSE_QUEUE, signal).map(bit)
    // POLL_IN … POLL_HUP
    case 1...6: return owner(COEXIST_CAUSE_DESCRIPTOR, coexist_info_descriptor(info)).map(bit)
    // SI_KERNEL: an interval timer, the terminal, or a descriptor without F_SETSIG.
    case 128:
      if signal == 29 { return owner(COEXIST_CAUSE_INPUT, 0).map(bit) }
      return IntervalTimers.owners(signal)
    // SI_USER: that a parent is dead is told as if it had sent it.
    case 0:
      return owner(COEXIST_CAUSE_PARENT, parent(coexist_info_sender(info), signal)).map(bit)
    default: return nil
    }
  }

  /// Go's timers, which it makes past libc, have an id that we do not know.
  @_noLocks @_noAllocation
  private static func timer(
    _ id: Int32, _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>
  ) -> UInt64 {
    guard let owner = owner(COEXIST_CAUSE_TIMER, id) else {
      return Needs.sendersPastLibc(Requests.claimants(signal))
    }
    if IntervalTimers.isInstead(id, of: owner) { coexist_info_interval(info) }
    return bit(owner)
  }

  /// The key of a parent's death: its process id, 22 bits (proc(5), pid_max), and the signal.
  @_noLocks @_noAllocation
  static func parent(_ pid: Int32, _ signal: Int32) -> Int32 { pid &<< 7 | signal }

  @_noLocks @_noAllocation
  private static func owner(_ kind: coexist_cause, _ key: Int32) -> UInt32? {
    let place = place(kind, key)
    for step in 0..<reach {
      let found = atomic(coexist_cause_at(place &+ step)).pointee.load(ordering: .acquiring)
      if found & ~255 == entry(kind, key) { return UInt32(found & 255) }
    }
    return nil
  }

  private static let reach: UInt32 = 16

  @_noLocks @_noAllocation
  private static func place(_ kind: coexist_cause, _ key: Int32) -> UInt32 {
    (UInt32(bitPattern: key) &* 8 &+ kind.rawValue) &* 0x9E37_79B1 &>> 16
  }

  @_noLocks @_noAllocation
  private static func entry(_ kind: coexist_cause, _ key: Int32) -> UInt64 {
    UInt64(kind.rawValue) &<< 48 | UInt64(UInt32(bitPattern: key)) &<< 8
  }
}
