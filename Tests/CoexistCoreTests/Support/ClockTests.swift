import Foundation
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  @Suite struct ClockTests {
    /// Ticks become nanoseconds; the counter is steady on every processor that we support.
    @Test func ticksAreNanoseconds() {
      CoreState.begin()
      usleep(20_000)  // further apart, the two clocks are read with less error
      _ = Clock.nanoseconds(1)
      for wait in [1_000, 5_000, 20_000] as [UInt32] {
        let ns = coexist_clock_ns(1)
        let ticks = coexist_ticks()
        usleep(wait)
        let measured = Double(Clock.nanoseconds(coexist_ticks() - ticks))
        let real = Double(coexist_clock_ns(1) - ns)
        #expect(abs(measured - real) < 0.05 * real + 20_000)
      }
    }

    @Test func durationsSaturate() {
      CoreState.begin()
      usleep(2_000)
      #expect(Clock.nanoseconds(0) == 0)
      #expect(Clock.nanoseconds(1 << 45) == .max)
      #expect(Clock.nanoseconds(1 << 62) == .max)
    }

    /// Right after the start the two readings are too close together to be kept.
    @Test func theScaleIsKeptOnlyWhenReliable() {
      CoreState.begin()
      _ = Clock.nanoseconds(1)
      let early = word(COEXIST_WORD_TICK_SCALE).pointee.load(ordering: .relaxed)
      let startedAt = word(COEXIST_WORD_START_NS).pointee.load(ordering: .relaxed)
      if coexist_clock_ns(1) - startedAt < 1_000_000 { #expect(early == 0) }
      usleep(2_000)
      _ = Clock.nanoseconds(1)
      let scale = word(COEXIST_WORD_TICK_SCALE).pointee.load(ordering: .relaxed)
      #expect(scale > 0)
      _ = Clock.nanoseconds(1)
      #expect(word(COEXIST_WORD_TICK_SCALE).pointee.load(ordering: .relaxed) == scale)
    }
  }
}
