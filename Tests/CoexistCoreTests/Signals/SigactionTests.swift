import Foundation
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  /// The whole path from a request to what the kernel holds, call by call against the model.
  @Suite struct SigactionTests {
    static let signals: [Int32] = [4, 5, 6, 7, 8, 11, 14, 17, 34]
    // Of SIGPIPE more is decided than by requests (Pipes).
    static let others: [Int32] = [
      -1, 0, 1, 2, 9, 10, 12, 14, 15, 17, 19, 23, 27, 28, 31, 32, 33, 34, 50, 64, 65, 66, 1000,
      .min, .max,
    ]

    static func inherited(_ random: inout Seeded) -> [Int32: Action] {
      var all: [Int32: Action] = [:]
      for signal in Int32(1)...64 { all[signal] = Action(handler: random.chance(1, in: 3) ? 1 : 0) }
      return all
    }

    static func anyAction(_ random: inout Seeded) -> Action {
      let handler: UInt64 =
        switch random.below(5) {
        case 0: 0
        case 1: 1
        default: 0x40_0000 + UInt64(random.below(1000)) * 16
        }
      // All flags that exist, and some that do not. SA_RESETHAND changes nothing without a signal.
      let known: UInt64 = 0xDC00_0C07
      let flags = random.chance(1, in: 8) ? random.next() & 0xFFFF_FFFF : random.next() & known
      return Action(handler: handler, flags: flags, mask: random.bits(), restorer: random.next())
    }

    static func call(
      _ signal: Int32, _ new: Action?, old wantsOld: Bool, _ caller: UInt64,
      sameObject: Bool = false
    ) -> (result: Int32, old: Action?) {
      let untouched = Action(handler: 0xDEAD, flags: 1)
      var act = new?.native ?? untouched.native
      var old = untouched.native
      let result: Int32 = withUnsafeMutablePointer(to: &act) { act in
        withUnsafeMutablePointer(to: &old) { old in
          let place = sameObject ? act : old
          return SignalCalls.sigaction(
            signal, new == nil ? nil : UnsafePointer(act), wantsOld ? place : nil, caller: caller)
        }
      }
      guard wantsOld else { return (result, nil) }
      let read = Action(sameObject ? act : old)
      return (result, read == (sameObject ? new ?? untouched : untouched) ? nil : read)
    }

    @Test func randomRequestsOfManyRuntimes() throws {
      var random = Seeded()
      let callers = [Callers.app] + Callers.libraries.prefix(8)
      try #require(callers.count >= 5, "too few small libraries on this machine")
      var steps = 0
      for _ in 0..<60 {
        let inherited = Self.inherited(&random)
        CoreState.begin(inherited: inherited)
        var model = SigactionModel(inherited: inherited)
        for _ in 0..<2500 {
          let group = random.chance(5, in: 6) ? Self.signals : Self.others
          let signal = group.randomElement(using: &random)!
          // A refused request is tried below, on its own.
          let isRefused = SigactionModel.refused.contains(signal)
          let caller = isRefused ? 0 : random.below(callers.count)
          let new = random.chance(3, in: 4) ? Self.anyAction(&random) : nil
          let wantsOld = random.chance(3, in: 4)
          // A call from libc (bsd_signal and the like before 2.35) counts as the app's.
          let from = caller == 0 && random.chance(1, in: 2) ? Callers.system : callers[caller]
          let got = Self.call(
            signal, new, old: wantsOld, from, sameObject: new != nil && random.chance(1, in: 4))
          let expected = model.call(signal, new, caller)
          try #require(
            got.result == expected.result && (!wantsOld || got.old == expected.old),
            "step \(steps), signal \(signal), caller \(caller): \(got) is not \(expected)"
          )
          if (1...64).contains(signal) {
            let held = FakeKernel.shared.held(signal)
            try #require(
              held == model.kernel[signal], "step \(steps): the kernel holds \(held) for \(signal)")
          }
          steps += 1
        }
        for (number, address) in callers.enumerated() {
          for signal in Self.signals {
            let old = Self.call(signal, nil, old: true, address).old
            #expect(old == model.own(signal, model.party(number)))
          }
        }
      }
      #expect(steps >= 100_000)
    }

    /// One party: the kernel is asked for nothing but that party's own wish.
    @Test func oneSystemCallForOneParty() {
      CoreState.begin()
      let act = Action(handler: 0x40_0000, flags: 4)
      _ = Self.call(11, act, old: true, Callers.app)
      #expect(FakeKernel.shared.calls == [.setAction(11)])
      #expect(FakeKernel.shared.held(11) == act.kept)
      FakeKernel.shared.forgetCalls()
      _ = Self.call(11, nil, old: true, Callers.app)
      #expect(FakeKernel.shared.calls == [], "reading back needs no system call")
    }

    /// While the dispatcher is installed, further parties change nothing that the kernel holds.
    @Test func noSystemCallForFurtherParties() throws {
      CoreState.begin()
      try #require(Callers.libraries.count > 2)
      for library in Callers.libraries {
        _ = Self.call(8, Action(handler: 0x5000), old: true, library)
      }
      let sets = FakeKernel.shared.calls.filter { $0 == .setAction(8) }
      #expect(sets.count == 2, "the first party's action, then the dispatcher")
    }
  }
}
