import CCoexist
import Synchronization

/// pthread_sigmask(3) and relatives. A runtime that blocks everything must not blind the others:
/// what they need stays open in the kernel and is *hidden*, so that it reads back as blocked.
enum MaskCalls {
  private static let block: Int32 = 0
  private static let unblock: Int32 = 1
  static let setMask: Int32 = 2

  /// As rt_sigprocmask(2) with words. Returns 0 or a positive errno value.
  @_noLocks @_noAllocation
  static func change(
    _ how: Int32, _ set: UnsafePointer<UInt64>?, _ old: UnsafeMutablePointer<UInt64>?,
    caller: UInt64
  ) -> Int32 {
    let runtime = Ownership.owner(of: caller)
    guard let thread = Threads.current(), hides(for: runtime) else {
      return real(how, set, old)
    }
    if coexist_in_vfork() != 0 { return VforkChild.changeMask(how, set, old, thread) }
    catchUp()
    // A handler that left without returning has taken what it kept from itself with it.
    _ = Dispatches.innermost()
    let hiddenBefore = thread.pointee.hidden
    guard let set else {
      let error = real(how, nil, old)
      if let old { old.pointee |= hiddenBefore }
      return error
    }
    let wanted = set.pointee & ~unblockableSignals
    var passed = set.pointee
    var hidden = hiddenBefore
    if how != unblock {
      let needed = wanted & Needs.others(than: runtime, of: wanted)
      passed &= ~needed
      hidden = how == setMask ? needed : hidden | needed
      mark(needed, runtime, thread)
    } else {
      hidden &= ~wanted
    }
    thread.pointee.hidden = hidden
    var before: UInt64 = 0
    let error: Int32
    if thread.pointee.held_count != 0, hiddenBefore & ~hidden != 0 {
      // What was held and what the kernel holds come in one order.
      before = SignalMask.blockAll(.max)
      Held.release(hiddenBefore & ~hidden, thread)
      passed =
        how == setMask ? passed : how == block ? before | passed : before & ~passed
      error = real(setMask, &passed, nil)
    } else {
      error = real(how, &passed, &before)
    }
    before |= hiddenBefore
    if error != 0 {
      thread.pointee.hidden = hiddenBefore
    } else {
      thread.pointee.asked_by = runtime
      thread.pointee.asked_mask =
        how == setMask ? wanted : how == block ? before | wanted : before & ~wanted
      if let old { old.pointee = before }
    }
    return error
  }

  /// A runtime may come, and need a signal, after a thread has blocked it. The thread opens it at
  /// its next call that passes here; unless the mask is not the one that the program asked for: in
  /// a handler, or while a library blocks signals for a few instructions.
  @_noLocks @_noAllocation
  static func catchUp() {
    guard let thread = Threads.current() else { return }
    let claims = UInt32(
      truncatingIfNeeded: word(COEXIST_WORD_CLAIMS).pointee.load(ordering: .acquiring))
    if thread.pointee.caught_up == claims { return }
    thread.pointee.caught_up = claims
    let asked = thread.pointee.asked_mask
    if asked == 0 || coexist_in_vfork() != 0 { return }
    var needed = asked & Needs.others(than: thread.pointee.asked_by, of: asked)
    needed &= ~thread.pointee.hidden
    var held: UInt64 = 0
    guard needed != 0, real(block, nil, &held) == 0, held == asked & ~thread.pointee.hidden
    else { return }
    thread.pointee.hidden |= needed
    mark(needed, thread.pointee.asked_by, thread)
    _ = real(unblock, &needed, nil)
  }

  /// System libraries (liburcu, for one) block signals for a few instructions and know why. A
  /// runtime that changes masks past libc (Go) would leave us with a wrong belief of what it has
  /// hidden.
  @_noLocks @_noAllocation
  private static func hides(for runtime: UInt32) -> Bool {
    runtime != Runtimes.system && !Catalogue.has(runtime, COEXIST_SENDS_RAW)
  }

  @_noLocks @_noAllocation @inline(__always)
  static func mark(
    _ signals: UInt64, _ runtime: UInt32, _ thread: UnsafeMutablePointer<coexist_thread>
  ) {
    Needs.noteHidden(signals & ~processorSignals)
    var rest = signals
    while rest != 0 {
      let signal = UInt32(rest.trailingZeroBitCount &+ 1)
      rest &= rest &- 1
      coexist_hidden_by(thread, signal).pointee = UInt8(truncatingIfNeeded: runtime)
    }
  }

  @_noLocks @_noAllocation
  static func real(
    _ how: Int32, _ set: UnsafePointer<UInt64>?, _ old: UnsafeMutablePointer<UInt64>?
  ) -> Int32 {
    let result = coexist_syscall4(
      14, Int(how), Int(bitPattern: set), Int(bitPattern: old), 8)
    return result < 0 ? Int32(-result) : 0
  }
}

/// The signals that must reach a thread for the sake of runtimes other than the one that blocks.
enum Needs {
  @_noLocks @_noAllocation @inline(__always)
  static func others(than runtime: UInt32, of signals: UInt64) -> UInt64 {
    var needed: UInt64 = 0
    // A full mask has 64 signals, of which a handful have a handler.
    var rest = signals & ~unblockableSignals & Requests.claimedSignals
    while rest != 0 {
      let signal = Int32(truncatingIfNeeded: rest.trailingZeroBitCount &+ 1)
      let mask = rest & (0 &- rest)
      rest &= rest &- 1
      let others = Requests.claimants(signal) & ~bit(runtime)
      if others != 0, isFault(signal) || privateTo(others, signal) != 0 { needed |= mask }
    }
    return needed
  }

  /// A thread keeps one of these open although it believes it blocked. From now on the dispatcher
  /// takes them: only then what is hidden is known at the end of each handler.
  @_noLocks @_noAllocation @inline(__always)
  static func noteHidden(_ signals: UInt64) {
    if signals == 0 || areHidden(signals) { return }
    let word = word(COEXIST_WORD_HIDDEN_SIGNALS)
    var new = signals & ~word.pointee.bitwiseOr(signals, ordering: .acquiringAndReleasing).oldValue
    while new != 0 {
      Installer.converge(Int32(truncatingIfNeeded: new.trailingZeroBitCount &+ 1))
      new &= new &- 1
    }
  }

  /// Handlers must not find the FS base of another thread: from now on the dispatcher takes all.
  static func allAreHidden() {
    word(COEXIST_WORD_HIDDEN_SIGNALS).pointee.store(.max, ordering: .sequentiallyConsistent)
    for signal in Int32(1)...64 where Requests.claimedSignals & signalBit(signal) != 0 {
      Installer.converge(signal)
    }
  }

  /// Has each of these been hidden on any thread?
  @_noLocks @_noAllocation
  static func areHidden(_ signals: UInt64) -> Bool {
    word(COEXIST_WORD_HIDDEN_SIGNALS).pointee.load(ordering: .acquiring) & signals == signals
  }

  /// Of these runtimes, the ones that use the signal among their own threads.
  @_noLocks @_noAllocation
  static func privateTo(_ runtimes: UInt64, _ signal: Int32) -> UInt64 {
    filter(runtimes) { $0.pointee.private_signals & signalBit(signal) != 0 }
  }

  /// Of these runtimes, the ones that send signals and set timers past libc.
  @_noLocks @_noAllocation
  static func sendersPastLibc(_ runtimes: UInt64) -> UInt64 {
    filter(runtimes) {
      $0.pointee.flags & COEXIST_SENDS_RAW.rawValue != 0
    }
  }

  @_noLocks @_noAllocation
  static func rawSenders(_ runtimes: UInt64, _ signal: Int32) -> UInt64 {
    filter(runtimes) {
      $0.pointee.flags & COEXIST_SENDS_RAW.rawValue != 0
        && $0.pointee.private_signals & signalBit(signal) != 0
    }
  }

  @_noLocks @_noAllocation
  private static func filter(
    _ runtimes: UInt64, _ includes: (UnsafePointer<coexist_catalogue_entry>) -> Bool
  ) -> UInt64 {
    var kept: UInt64 = 0
    var rest = runtimes
    while rest != 0 {
      let runtime = UInt32(truncatingIfNeeded: rest.trailingZeroBitCount)
      rest &= rest &- 1
      if let entry = Catalogue.entry(of: runtime), includes(entry) { kept |= bit(runtime) }
    }
    return kept
  }
}
