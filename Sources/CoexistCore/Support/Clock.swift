import CCoexist
import Synchronization

/// Durations without a clock call on the signal path: processor ticks, scaled once.
/// Why: a vDSO clock_gettime costs 20–25 ns, a third of the dispatch budget.
enum Clock {
  static func start() {
    let now = bothClocks()
    word(COEXIST_WORD_START_TICKS).pointee.store(now.ticks, ordering: .relaxed)
    word(COEXIST_WORD_START_NS).pointee.store(now.ns, ordering: .relaxed)
  }

  /// Both clocks at one moment: of three readings the one that was disturbed least. The thread may
  /// lose its processor between the two, and the scale would be wrong for good.
  @_noLocks @_noAllocation
  private static func bothClocks() -> (ticks: UInt64, ns: UInt64) {
    var best: (ticks: UInt64, ns: UInt64) = (0, 0)
    var narrowest = UInt64.max
    for _ in 0..<3 {
      let before = coexist_ticks()
      let ns = coexist_clock_ns(1)
      let width = coexist_ticks() &- before
      if width < narrowest {
        narrowest = width
        best = (before &+ width / 2, ns)
      }
    }
    return best
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
    let now = bothClocks()
    var ticks = now.ticks &- word(COEXIST_WORD_START_TICKS).pointee.load(ordering: .relaxed)
    var ns = now.ns &- word(COEXIST_WORD_START_NS).pointee.load(ordering: .relaxed)
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
