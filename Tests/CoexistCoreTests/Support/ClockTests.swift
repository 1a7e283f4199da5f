import Foundation
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  @Suite struct ClockTests {
    /// Ticks become nanoseconds. Each reading lies between two of the other clock, so that a thread
    /// which loses its processor widens what is right, and does not fail.
    @Test func ticksAreNanoseconds() {
      CoreState.begin()
      usleep(20_000)  // further apart, the two clocks are read with less error
      _ = Clock.nanoseconds(1)
      for wait in [1_000, 5_000, 20_000] as [UInt32] {
        let earliest = coexist_clock_ns(1)
        let began = coexist_ticks()
        let begun = coexist_clock_ns(1)
        usleep(wait)
        let ending = coexist_clock_ns(1)
        let measured = UInt64(Clock.nanoseconds(coexist_ticks() - began))
        let latest = coexist_clock_ns(1)
        #expect(measured * 100 >= (ending - begun) * 95)
        #expect(measured * 95 <= (latest - earliest) * 100)
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
