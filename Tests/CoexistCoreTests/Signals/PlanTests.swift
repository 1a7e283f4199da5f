import Testing

@testable import CoexistCoreHosted

@Suite struct PlanTests {
  @Test func nobodyAsks() {
    #expect(Plan.make(claimants: 0) == .native)
  }

  @Test func onePartyHasExactlyItsAction() {
    for runtime in UInt32(0)..<64 {
      #expect(Plan.make(claimants: 1 << UInt64(runtime)) == .exact(runtime: runtime))
    }
  }

  @Test func moreParties() {
    for first in UInt64(0)..<63 {
      #expect(Plan.make(claimants: 1 << first | 1 << (first + 1)) == .dispatcher)
    }
    #expect(Plan.make(claimants: .max) == .dispatcher)
  }

  @Test func oneWhoseSignalAnotherBlocks() {
    #expect(Plan.make(claimants: 0, isHidden: true) == .native)
    #expect(Plan.make(claimants: 4, isHidden: true) == .dispatcher)
    #expect(Plan.make(claimants: 4, hitsSmallStacks: true) == .dispatcher)
    #expect(Plan.make(claimants: 0, hitsSmallStacks: true) == .native)
  }
}
