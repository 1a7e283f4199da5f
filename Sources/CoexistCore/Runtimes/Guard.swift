import CCoexist
import Synchronization

/// The pages that a runtime has closed at the low end of a thread's stack, to see an overflow of it
/// before libc's own guard does (HotSpot's yellow zone). Written by their thread, read by others.
enum Guard {
  /// (0, 0) = none.
  static func pages(of thread: UnsafeMutablePointer<coexist_thread>) -> (UInt64, UInt64) {
    (
      atomic(low(thread)).pointee.load(ordering: .acquiring),
      atomic(high(thread)).pointee.load(ordering: .acquiring)
    )
  }

  @_noLocks @_noAllocation
  static func set(
    _ newLow: UInt64, _ newHigh: UInt64, _ thread: UnsafeMutablePointer<coexist_thread>
  ) {
    atomic(low(thread)).pointee.store(newLow, ordering: .releasing)
    atomic(high(thread)).pointee.store(newHigh, ordering: .releasing)
  }

  @_noLocks @_noAllocation
  private static func low(
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UnsafeMutablePointer<UInt64> { coexist_thread_guard_low(thread) }

  @_noLocks @_noAllocation
  private static func high(
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UnsafeMutablePointer<UInt64> { coexist_thread_guard_high(thread) }
}
