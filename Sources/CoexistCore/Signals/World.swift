import CCoexist
import Synchronization

/// Two runtimes that stop the world by signals stop it one after the other: when each initiator is
/// stopped by the other, neither is left to restart anybody. Whoever begins waits, stoppable, until
/// the other has begun to restart. Why this and open masks are both needed:
/// Tests/Models/stop_the_world.pml.
enum World {
  /// An initiator that ended without restarting anybody must not hold up the others for good. Two
  /// seconds at least: one that is only slow, and is passed over, may leave both waiting.
  private static let mostWaits = 40_000
  private static let pause: Int64 = 50_000  // nanoseconds

  /// Before a runtime sends one of its signals to a thread.
  @_noLocks @_noAllocation
  static func sends(_ signal: Int32, _ runtime: UInt32) {
    guard let entry = Catalogue.entry(of: runtime), entry.pointee.suspend_signal != 0,
      entry.pointee.private_signals & signalBit(signal) != 0, isShared(by: runtime)
    else { return }
    let me = UInt64(UInt32(bitPattern: coexist_gettid())) &<< 8 | UInt64(runtime)
    let word = word(COEXIST_WORD_WORLD)
    guard signal == suspendSignal(of: runtime) else {
      _ = word.pointee.compareExchange(expected: me, desired: 0, ordering: .acquiringAndReleasing)
      return
    }
    for _ in 0..<mostWaits {
      let result = word.pointee.compareExchange(
        expected: 0, desired: me, ordering: .acquiringAndReleasing)
      if result.exchanged || result.original & 255 == UInt64(runtime) { return }
      coexist_sleep(pause)
    }
    word.pointee.store(me, ordering: .releasing)
  }

  /// The child of fork has the one thread that is not stopped.
  static func forked() { word(COEXIST_WORD_WORLD).pointee.store(0, ordering: .relaxed) }

  /// Is there another runtime that stops the world by signals?
  @_noLocks @_noAllocation
  private static func isShared(by runtime: UInt32) -> Bool {
    for other in Runtimes.first..<max(Runtimes.count, Runtimes.first) where other != runtime {
      let signal = suspendSignal(of: other)
      if signal != 0, Requests.claimants(signal) & bit(other) != 0 { return true }
    }
    return false
  }

  @_noLocks @_noAllocation
  private static func suspendSignal(of runtime: UInt32) -> Int32 {
    let signal = Catalogue.entry(of: runtime)?.pointee.suspend_signal ?? 0
    guard signal == Int32(COEXIST_SUSPEND_FIRST_REALTIME) else { return signal }
    for number in Int32(34)...64 where Requests.claimants(number) & bit(runtime) != 0 {
      return number
    }
    return 0
  }
}
