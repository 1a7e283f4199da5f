import CCoexist
import Synchronization

/// Durations without a clock call on the signal path: processor ticks, scaled once.
/// Why: a vDSO clock_gettime costs 20–25 ns, a third of the dispatch budget.
enum Clock {
  static func start() {
    word(COEXIST_WORD_START_TICKS).pointee.store(coexist_ticks(), ordering: .relaxed)
    word(COEXIST_WORD_START_NS).pointee.store(coexist_clock_ns(1), ordering: .relaxed)
  }

  @_noLocks @_noAllocation
  static func nanoseconds(_ ticks: UInt64) -> UInt32 {
    var scale = word(COEXIST_WORD_TICK_SCALE).pointee.load(ordering: .relaxed)
    if scale == 0 { scale = calibrate() }
    let product = ticks.multipliedFullWidth(by: scale)
    let ns = product.high &<< 32 | product.low &>> 32
    return ns > UInt64(UInt32.max) ? UInt32.max : UInt32(truncatingIfNeeded: ns)
  }

  /// Nanoseconds per tick, with 32 bits of fraction, over the time since the process began.
  @_noLocks @_noAllocation
  private static func calibrate() -> UInt64 {
    var ticks = coexist_ticks() &- word(COEXIST_WORD_START_TICKS).pointee.load(ordering: .relaxed)
    var ns = coexist_clock_ns(1) &- word(COEXIST_WORD_START_NS).pointee.load(ordering: .relaxed)
    // Under a millisecond the two readings are too close together to keep the result.
    let isReliable = ns > 1_000_000
    while ns > UInt64(UInt32.max) {
      ns &>>= 1
      ticks &>>= 1
    }
    guard ticks > 0 else { return 1 &<< 31 }
    let scale = (ns &<< 32) / ticks
    if isReliable { word(COEXIST_WORD_TICK_SCALE).pointee.store(scale, ordering: .relaxed) }
    return scale
  }
}
