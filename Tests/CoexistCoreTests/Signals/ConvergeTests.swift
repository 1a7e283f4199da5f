import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  /// Requests from many threads at once: when all have returned, the kernel holds what follows from
  /// the last request of each.
  @Suite struct ConvergeTests {
    @Test func theKernelHoldsTheLastPlan() throws {
      let callers = [Callers.app] + Callers.libraries.prefix(3)
      try #require(callers.count == 4)
      let seed = Seeded()
      for round in 0..<150 {
        CoreState.begin()
        CoreState.onThreads(callers.count) { index in
          var random = seed
          for _ in 0..<(round * 4 + index) { _ = random.next() }
          for _ in 0..<60 {
            let handler: UInt64 = random.chance(1, in: 2) ? 0 : 0x40_0000 + UInt64(index) * 16
            _ = SigactionTests.call(11, Action(handler: handler), old: false, callers[index])
          }
        }
        let own = callers.map { SigactionTests.call(11, nil, old: true, $0).old! }
        let handlers = own.filter { $0.handler > 1 }
        let held = FakeKernel.shared.held(11)
        switch handlers.count {
        case 0: #expect(held.handler == 0, "round \(round)")
        case 1: #expect(held == handlers[0], "round \(round)")
        default: #expect(held == SigactionModel.dispatcher, "round \(round)")
        }
      }
    }
  }
}
