import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

/// Numbers in exchange: to its runtime alone each stands for the other, both ways.
@Suite(.serialized) struct NumbersTests {
  private static let (runtime, own, real): (UInt32, Int32, Int32) = (61, 51, 61)

  private func whileExchanged(_ body: () -> Void) {
    let entry = 1 << 32 | UInt64(Self.runtime) << 16 | UInt64(Self.own) << 8 | UInt64(Self.real)
    coexist_exchange_at(3).pointee = entry
    word(COEXIST_WORD_EXCHANGED).pointee.store(
      signalBit(Self.own) | signalBit(Self.real), ordering: .releasing)
    defer {
      word(COEXIST_WORD_EXCHANGED).pointee.store(0, ordering: .releasing)
      coexist_exchange_at(3).pointee = 0
    }
    body()
  }

  @Test func itsRuntimeSaysOneForTheOther() {
    whileExchanged {
      for signal in Int32(-1)...66 {
        let there = Numbers.exchange(signal, Self.runtime)
        #expect(there == (signal == Self.own ? Self.real : signal == Self.real ? Self.own : signal))
        #expect(Numbers.exchange(there, Self.runtime) == signal)
        #expect(Numbers.exchange(signal, Self.runtime + 1) == signal)
      }
    }
    #expect(Numbers.exchange(Self.own, Self.runtime) == Self.own)
  }

  @Test func soDoSets() {
    whileExchanged {
      for _ in 0..<1000 {
        let set = UInt64.random(in: 0...UInt64.max)
        var expected: UInt64 = 0
        for signal in Int32(1)...64 where set & signalBit(signal) != 0 {
          expected |= signalBit(Numbers.exchange(signal, Self.runtime))
        }
        #expect(Numbers.exchange(set, Self.runtime) == expected)
        #expect(Numbers.exchange(set, Self.runtime + 1) == set)
      }
    }
  }

  @Test func whoseItIsInTheKernel() {
    whileExchanged {
      #expect(Numbers.holder(of: Self.real)?.runtime == Self.runtime)
      #expect(Numbers.holder(of: Self.real)?.own == Self.own)
      #expect(Numbers.holder(of: Self.own) == nil)
      #expect(Installer.plan(Self.own) == .dispatcher)
    }
  }
}
