import CCoexist
import Synchronization

/// What coexist-inspect shows of each thread (`coexist_thread_line` in `state.h`).
enum ThreadLines {
  typealias Thread = UnsafeMutablePointer<coexist_thread>
  private static let probes: UInt64 = 16

  @_noLocks @_noAllocation
  static func line(of thread: Thread) -> UnsafeMutablePointer<coexist_thread_line>? {
    guard thread.pointee.line != 0 else { return nil }
    return coexist_state_thread_line(State.shared, UInt64(thread.pointee.line &- 1))
  }

  /// The thread has begun; its id tells where to look for a free line.
  @_noLocks @_noAllocation
  static func began(_ thread: Thread) {
    let home = UInt64(UInt32(bitPattern: thread.pointee.tid))
    for step in 0..<probes {
      let index = (home &+ step) % UInt64(COEXIST_THREAD_LINES_MAX)
      let line = coexist_state_thread_line(State.shared, index)!
      // The sign marks a line that is being filled in.
      guard
        tid(line).pointee.compareExchange(
          expected: 0, desired: UInt32.max, ordering: .acquiringAndReleasing
        ).exchanged
      else { continue }
      line.pointee.creator = UInt8(truncatingIfNeeded: thread.pointee.creator)
      line.pointee.waits_for = 0
      line.pointee.collectors = 0
      line.pointee.low = thread.pointee.stack_low
      line.pointee.high = thread.pointee.stack_high
      line.pointee.alternate_size = 0
      line.pointee.container = thread.pointee.container
      line.pointee.since_ns = coexist_clock_ns(0)
      thread.pointee.line = UInt32(truncatingIfNeeded: index) &+ 1
      tid(line).pointee.store(UInt32(bitPattern: thread.pointee.tid), ordering: .releasing)
      return
    }
    leftOut(1)
  }

  @_noLocks @_noAllocation
  static func ended(_ thread: Thread) {
    guard let line = line(of: thread) else { return leftOut(-1) }
    thread.pointee.line = 0
    tid(line).pointee.store(0, ordering: .releasing)
  }

  @_noLocks @_noAllocation
  static func setAlternate(_ stack: stack_t, of thread: Thread) {
    guard let line = line(of: thread) else { return }
    line.pointee.alternate = UInt64(UInt(bitPattern: stack.ss_sp))
    line.pointee.alternate_size = UInt64(UInt(bitPattern: stack.ss_size))
  }

  /// What the thread waits for, as far as the watch over tasks knows; 0 = nothing.
  static func waits(_ thread: Thread, for runtime: UInt32) {
    line(of: thread)?.pointee.waits_for = UInt8(truncatingIfNeeded: runtime)
  }

  /// A collector has come to know the thread, or has forgotten it.
  @_noLocks @_noAllocation
  static func know(_ thread: Thread, _ collector: UInt32) {
    line(of: thread)?.pointee.collectors |= UInt16(truncatingIfNeeded: bit(collector))
  }

  @_noLocks @_noAllocation
  private static func tid(
    _ line: UnsafeMutablePointer<coexist_thread_line>
  ) -> UnsafeMutablePointer<Atomic<UInt32>> {
    UnsafeMutableRawPointer(line).assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  @_noLocks @_noAllocation
  private static func leftOut(_ change: Int64) {
    withUnsafeMutablePointer(to: &State.shared.pointee.stacks.left_out) {
      _ = atomic($0).pointee.wrappingAdd(UInt64(bitPattern: change), ordering: .relaxed)
    }
  }
}
