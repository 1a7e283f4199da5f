import CCoexist
import Synchronization

/// What each runtime asked for: one immutable record per runtime and signal, replaced by exchange
/// of an index. Records are type-stable: a reader that was overtaken sees so and reads again.
enum Requests {
  /// The runtime's own action; nil = it never asked. Wait-free, async-signal-safe.
  @_noLocks @_noAllocation @inline(__always)
  static func action(_ signal: Int32, _ runtime: UInt32) -> coexist_action? {
    let link = State.link(signal, runtime)
    // Overtaken that often only by a fault of ours: then rather no answer than none ever.
    for _ in 0..<10_000 {
      let index = atomic(link).pointee.load(ordering: .acquiring)
      if index == 0 { return nil }
      if let copy = Record.load(coexist_state_action(State.shared, UInt64(index))!),
        copy.signal == UInt16(signal), copy.runtime == UInt16(runtime)
      {
        return copy
      }
    }
    return nil
  }

  /// The place of the runtime's request in the order of installation; 0 = it never asked. Without
  /// the copy that `action` makes: an overtaken reader gets one of the two sequences.
  @_noLocks @_noAllocation @inline(__always)
  static func sequence(_ signal: Int32, _ runtime: UInt32) -> UInt32 {
    let index = atomic(State.link(signal, runtime)).pointee.load(ordering: .acquiring)
    return index == 0 ? 0 : coexist_state_action(State.shared, UInt64(index))!.pointee.sequence
  }

  /// What the runtime reads back: its own action, else what the process began with.
  @_noLocks @_noAllocation
  static func readBack(_ signal: Int32, _ runtime: UInt32) -> coexist_action {
    action(signal, runtime) ?? coexist_inherited_at(UInt32(signal))!.pointee
  }

  /// Publishes a new request. Returns false when no record is free (the caller says ENOMEM).
  @_noLocks @_noAllocation
  static func put(_ new: coexist_action, _ signal: Int32, _ runtime: UInt32) -> Bool {
    guard let old = replace(new, signal, runtime) else { return false }
    if old != 0 { ActionPool.give(old) }
    return true
  }

  /// The same, but the older request's record (0 = it never asked) is the caller's to give to the
  /// pool, or to put back. nil = no record is free.
  @_noLocks @_noAllocation
  static func replace(_ new: coexist_action, _ signal: Int32, _ runtime: UInt32) -> UInt16? {
    guard let index = ActionPool.take() else { return nil }
    let slot = coexist_state_action(State.shared, UInt64(index))!
    var request = new
    request.signal = UInt16(signal)
    request.runtime = UInt16(runtime)
    request.sequence = UInt32(
      truncatingIfNeeded: word(COEXIST_WORD_SEQUENCE).pointee.wrappingAdd(1, ordering: .relaxed)
        .newValue)
    Record.store(request, in: slot)
    return link(index, signal, runtime)
  }

  /// As if the runtime had never asked.
  static func withdraw(_ signal: Int32, _ runtime: UInt32) { putBack(0, signal, runtime) }

  /// The older request's record, as `replace` returned it, holds again.
  @_noLocks @_noAllocation
  static func putBack(_ older: UInt16, _ signal: Int32, _ runtime: UInt32) {
    let newer = link(older, signal, runtime)
    if newer != 0 { ActionPool.give(newer) }
  }

  /// Returns the record that was linked before.
  @_noLocks @_noAllocation @inline(__always)
  private static func link(_ index: UInt16, _ signal: Int32, _ runtime: UInt32) -> UInt16 {
    let old = atomic(State.link(signal, runtime)).pointee.exchange(
      index, ordering: .acquiringAndReleasing)
    updateClaimant(signal, runtime)
    atomic(coexist_version_of(UInt32(signal))).pointee.wrappingAdd(1, ordering: .releasing)
    State.changed()
    return old
  }

  /// The bit follows the link, also when two threads of one runtime change it at once: whoever sees
  /// that the link has moved on sets the bit again.
  @_noLocks @_noAllocation
  private static func updateClaimant(_ signal: Int32, _ runtime: UInt32) {
    let link = State.link(signal, runtime)
    var index: UInt16
    repeat {
      index = atomic(link).pointee.load(ordering: .acquiring)
      setClaimant(signal, runtime, (action(signal, runtime)?.handler ?? 0) > 1)
    } while atomic(link).pointee.load(ordering: .acquiring) != index
  }

  @_noLocks @_noAllocation
  private static func setClaimant(_ signal: Int32, _ runtime: UInt32, _ claims: Bool) {
    if claims, claimedSignals & signalBit(signal) == 0 {
      word(COEXIST_WORD_CLAIMED_SIGNALS).pointee.bitwiseOr(
        signalBit(signal), ordering: .acquiringAndReleasing)
    }
    withUnsafeMutablePointer(to: &State.signal(signal).pointee.claimants) { claimants in
      // The usual request replaces a handler by another: no locked instruction for that.
      if (atomic(claimants).pointee.load(ordering: .acquiring) & bit(runtime) != 0) == claims {
        return
      }
      if claims {
        _ = atomic(claimants).pointee.bitwiseOr(bit(runtime), ordering: .acquiringAndReleasing)
        word(COEXIST_WORD_CLAIMS).pointee.wrappingAdd(1, ordering: .releasing)
      } else {
        _ = atomic(claimants).pointee.bitwiseAnd(~bit(runtime), ordering: .acquiringAndReleasing)
      }
    }
  }

  /// The signals for which anybody ever had a handler: a hint, only ever too large.
  static var claimedSignals: UInt64 {
    @_noLocks @_noAllocation get {
      word(COEXIST_WORD_CLAIMED_SIGNALS).pointee.load(ordering: .acquiring)
    }
  }

  /// The runtimes that have a handler, one bit each.
  @_noLocks @_noAllocation @inline(__always)
  static func claimants(_ signal: Int32) -> UInt64 {
    withUnsafeMutablePointer(to: &State.signal(signal).pointee.claimants) {
      atomic($0).pointee.load(ordering: .acquiring)
    }
  }

  /// Of these runtimes, the ones that asked for SIG_IGN.
  @_noLocks @_noAllocation
  static func ignoring(_ signal: Int32, among runtimes: UInt64) -> UInt64 {
    var ignoring: UInt64 = 0
    var rest = runtimes
    while rest != 0 {
      let runtime = UInt32(truncatingIfNeeded: rest.trailingZeroBitCount)
      rest &= rest &- 1
      if action(signal, runtime)?.handler == 1 { ignoring |= bit(runtime) }
    }
    return ignoring
  }

  /// What happens when nobody has a handler: SIG_IGN while anybody asks for it, since one runtime's
  /// SIG_DFL takes back only its own request; else the newest request.
  @_noLocks @_noAllocation
  static func newestDefault(_ signal: Int32) -> coexist_action {
    var newest = coexist_inherited_at(UInt32(signal))!.pointee
    for runtime in 0..<Runtimes.count {
      guard let action = action(signal, runtime), action.handler <= 1 else { continue }
      let isFirst = newest.sequence == 0
      let isNewer = Int32(bitPattern: action.sequence &- newest.sequence) > 0
      if isFirst || action.handler > newest.handler
        || (action.handler == newest.handler && isNewer)
      {
        newest = action
      }
    }
    return newest
  }
}

/// Free action records: a bump index, then a tagged lock-free stack of returned ones.
enum ActionPool {
  @_noLocks @_noAllocation
  static func take() -> UInt16? {
    let head = word(COEXIST_WORD_FREE_ACTIONS)
    var top = head.pointee.load(ordering: .acquiring)
    while top & 0xFFFF != 0 {
      let index = UInt16(truncatingIfNeeded: top)
      let next = coexist_state_action(State.shared, UInt64(index))!.pointee.reserved & 0xFFFF
      let result = head.pointee.compareExchange(
        expected: top, desired: tagged(top, next), ordering: .acquiringAndReleasing)
      if result.exchanged { return index }
      top = result.original
    }
    let fresh = word(COEXIST_WORD_NEXT_ACTION).pointee.wrappingAdd(1, ordering: .relaxed).newValue
    return fresh < UInt64(COEXIST_ACTIONS_MAX) ? UInt16(fresh) : nil
  }

  @_noLocks @_noAllocation
  static func give(_ index: UInt16) {
    #if COEXIST_POISON
      Record.poison(coexist_state_action(State.shared, UInt64(index))!)
    #endif
    let head = word(COEXIST_WORD_FREE_ACTIONS)
    var top = head.pointee.load(ordering: .acquiring)
    while true {
      coexist_state_action(State.shared, UInt64(index))!.pointee.reserved = top & 0xFFFF
      let result = head.pointee.compareExchange(
        expected: top, desired: tagged(top, UInt64(index)), ordering: .acquiringAndReleasing)
      if result.exchanged { return }
      top = result.original
    }
  }

  /// A counter above the index: the same index on top again is not the same stack (ABA).
  @_noLocks @_noAllocation
  private static func tagged(_ top: UInt64, _ index: UInt64) -> UInt64 {
    ((top &>> 16 &+ 1) &<< 16) | index
  }
}
