import CCoexist
import Synchronization

/// Signals that came while the runtime that they are for had them blocked, and another kept them
/// open. They wait here, with their siginfo and in order, as they would in the kernel.
enum Held {
  private static let tgsigqueueinfo = 297

  /// Puts back what may not be delivered now; returns the rest.
  @_noLocks @_noAllocation
  static func hold(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ recipients: UInt64,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UInt64 {
    let signal = dispatch.pointee.signal
    guard thread.pointee.hidden & signalBit(signal) != 0 else { return recipients }
    let held = recipients & blockers(signal, thread)
    // Where there is no room, now is better than never.
    if held == 0 || !keep(signal, held, &dispatch.pointee.info, thread) { return recipients }
    return recipients & ~held
  }

  /// A fault signal that somebody sent waits until it is no longer blocked. SIGABRT does not:
  /// abort(3) opens it where we do not see it.
  @_noLocks @_noAllocation
  static func holdFault(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> Bool {
    let signal = dispatch.pointee.signal
    guard isFault(signal), signal != 6, thread.pointee.hidden & signalBit(signal) != 0 else {
      return false
    }
    return keep(signal, blockers(signal, thread), &dispatch.pointee.info, thread)
  }

  /// The runtimes that had the signal blocked when each of the handlers on this thread began: one
  /// that another's has interrupted still keeps its own out.
  @_noLocks @_noAllocation
  private static func blockers(
    _ signal: Int32, _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UInt64 {
    var blockers: UInt64 = 0
    for index in 0..<thread.pointee.depth {
      let dispatch = coexist_thread_dispatch(thread, index)!
      if dispatch.pointee.hidden_before & signalBit(signal) == 0 { continue }
      blockers |= bit(UInt32(coexist_hidden_by_before(dispatch, UInt32(signal)).pointee))
    }
    return blockers
  }

  /// Of signals below 32 one of each kind waits, of the others as many as there is room for.
  /// false = there is none.
  @_noLocks @_noAllocation
  private static func keep(
    _ signal: Int32, _ recipients: UInt64, _ info: UnsafeMutablePointer<siginfo_t>,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> Bool {
    let count = thread.pointee.held_count
    if signal < 32 {
      for index in 0..<count {
        let entry = coexist_held_at(thread, index)!
        if entry.pointee.info.si_signo != signal { continue }
        entry.pointee.recipients |= recipients
        return true
      }
    }
    guard count < UInt64(COEXIST_HELD_MAX) else { return false }
    let entry = coexist_held_at(thread, count)!
    entry.pointee.recipients = recipients
    coexist_copy_siginfo(&entry.pointee.info, info)
    thread.pointee.held_count = count &+ 1
    return true
  }

  /// These signals are no longer blocked by these runtimes: what waits for them is sent again, to
  /// be delivered as new.
  @_noLocks @_noAllocation @inline(__always)
  static func release(
    _ signals: UInt64, _ thread: UnsafeMutablePointer<coexist_thread>, for runtimes: UInt64 = .max
  ) {
    if thread.pointee.held_count != 0, signals != 0 { sendAgain(signals, thread, runtimes) }
  }

  @_noLocks @_noAllocation
  private static func sendAgain(
    _ signals: UInt64, _ thread: UnsafeMutablePointer<coexist_thread>, _ runtimes: UInt64
  ) {
    let before = SignalMask.blockAll(.max)  // a handler may hold, too
    var kept: UInt64 = 0
    for index in 0..<thread.pointee.held_count {
      let entry = coexist_held_at(thread, index)!
      let signal = entry.pointee.info.si_signo
      let freed = signals & signalBit(signal) != 0 ? entry.pointee.recipients & runtimes : 0
      if freed != 0 { send(signal, freed, &entry.pointee.info, thread) }
      entry.pointee.recipients &= ~freed
      if entry.pointee.recipients == 0 { continue }
      if kept != index {
        let place = coexist_held_at(thread, kept)!
        place.pointee.recipients = entry.pointee.recipients
        coexist_copy_siginfo(&place.pointee.info, &entry.pointee.info)
      }
      kept &+= 1
    }
    thread.pointee.held_count = kept
    SignalMask.restore(before)
  }

  /// The signals that wait here: they are pending, as the program sees it.
  @_noLocks @_noAllocation
  static func pending(on thread: UnsafeMutablePointer<coexist_thread>) -> UInt64 {
    var pending: UInt64 = 0
    for index in 0..<thread.pointee.held_count {
      pending |= signalBit(coexist_held_at(thread, index)!.pointee.info.si_signo)
    }
    return pending
  }

  @_noLocks @_noAllocation
  static func send(
    _ signal: Int32, _ recipients: UInt64, _ info: UnsafeMutablePointer<siginfo_t>,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) {
    _ = atomic(coexist_thread_tag(thread, UInt32(signal))).pointee.bitwiseOr(
      recipients, ordering: .releasing)
    _ = coexist_syscall4(
      tgsigqueueinfo, Int(coexist_getpid()), Int(thread.pointee.tid), Int(signal),
      Int(bitPattern: info))
  }
}
