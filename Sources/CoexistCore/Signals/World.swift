import CCoexist
import Synchronization

/// Two runtimes that stop the world by signals stop it one after the other: when each initiator is
/// stopped by the other, neither is left to restart anybody. Whoever begins waits, stoppable, until
/// the other has sent its last restart signal. Why this, and why open masks are needed as well:
/// Tests/Models/stop_the_world.pml.
enum World {
  /// An initiator that ended without restarting anybody must not hold up the others for good. Two
  /// seconds at least: one that is only slow, and is passed over, may leave both waiting.
  private static let mostWaits = 40_000
  private static let pause: Int64 = 50_000  // nanoseconds

  /// Before a runtime sends one of its signals to a thread.
  @_noLocks @_noAllocation
  static func sends(
    _ signal: Int32, _ runtime: UInt32, to thread: UnsafeMutablePointer<coexist_thread>
  ) {
    guard let entry = Catalogue.entry(of: runtime), entry.pointee.suspend_signal != 0,
      entry.pointee.private_signals & signalBit(signal) != 0
    else { return }
    let isStop = signal == suspendSignal(of: runtime)
    if isShared(by: runtime) {
      if isStop {
        begin(runtime)
        stops(thread)
      } else {
        restarts(thread, runtime)
      }
    }
    if isStop {
      Stragglers.asked(thread, by: runtime, signal)
    } else {
      Stragglers.released(by: runtime)
    }
  }

  @_noLocks @_noAllocation
  private static func begin(_ runtime: UInt32) {
    let me = UInt64(UInt32(bitPattern: coexist_gettid())) &<< 8 | UInt64(runtime)
    let word = word(COEXIST_WORD_WORLD)
    for _ in 0..<mostWaits {
      let result = word.pointee.compareExchange(
        expected: 0, desired: me, ordering: .acquiringAndReleasing)
      if !result.exchanged, result.original & 255 == UInt64(runtime) { return }
      if result.exchanged { return newStop() }
      coexist_sleep(pause)
    }
    word.pointee.store(me, ordering: .releasing)
    newStop()
  }

  @_noLocks @_noAllocation
  private static func newStop() {
    word(COEXIST_WORD_WORLD_THREADS).pointee.store(0, ordering: .relaxed)
    word(COEXIST_WORD_WORLD_STOP).pointee.wrappingAdd(1, ordering: .releasing)
  }

  /// A thread counts once, however often the signal is sent again.
  @_noLocks @_noAllocation
  private static func stops(_ thread: UnsafeMutablePointer<coexist_thread>) {
    let stop = word(COEXIST_WORD_WORLD_STOP).pointee.load(ordering: .acquiring)
    if mark(thread).pointee.exchange(stop, ordering: .acquiringAndReleasing) == stop { return }
    word(COEXIST_WORD_WORLD_THREADS).pointee.wrappingAdd(1, ordering: .acquiringAndReleasing)
  }

  @_noLocks @_noAllocation
  private static func restarts(
    _ thread: UnsafeMutablePointer<coexist_thread>, _ runtime: UInt32
  ) {
    let stop = word(COEXIST_WORD_WORLD_STOP).pointee.load(ordering: .acquiring)
    let owner = word(COEXIST_WORD_WORLD).pointee.load(ordering: .acquiring)
    guard owner & 255 == UInt64(runtime), owner != 0,
      mark(thread).pointee.exchange(0, ordering: .acquiringAndReleasing) == stop
    else { return }
    let left = word(COEXIST_WORD_WORLD_THREADS).pointee.wrappingSubtract(
      1, ordering: .acquiringAndReleasing
    ).newValue
    if left != 0 { return }
    word(COEXIST_WORD_WORLD_THREADS).pointee.store(lastSender, ordering: .releasing)
  }

  /// After a signal was sent: if it was the last restart signal, another runtime may begin. Not
  /// before, or it would stop this thread, and nobody would send it.
  @_noLocks @_noAllocation
  static func sent() {
    let threads = word(COEXIST_WORD_WORLD_THREADS).pointee.load(ordering: .acquiring)
    guard threads & isLast != 0, threads == lastSender else { return }
    word(COEXIST_WORD_WORLD_THREADS).pointee.store(0, ordering: .relaxed)
    word(COEXIST_WORD_WORLD).pointee.store(0, ordering: .releasing)
  }

  private static let isLast: UInt64 = 1 &<< 63
  private static var lastSender: UInt64 {
    @_noLocks @_noAllocation get { isLast | UInt64(UInt32(bitPattern: coexist_gettid())) }
  }

  @_noLocks @_noAllocation
  private static func mark(
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UnsafeMutablePointer<Atomic<UInt64>> {
    atomic(coexist_thread_world_stop(thread))
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
