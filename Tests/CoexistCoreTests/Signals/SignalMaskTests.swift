import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

@Suite struct SignalMaskTests {
  static let faults: Set<Int32> = [4, 5, 7, 8, 11, 31]  // SIGILL TRAP BUS FPE SEGV SYS
  static let unblockable: Set<Int32> = [9, 19, 32, 33]  // SIGKILL STOP, and libc's own

  static func set(_ mask: UInt64) -> Set<Int32> {
    Set((Int32(1)...64).filter { mask & (1 << UInt64($0 - 1)) != 0 })
  }

  /// sigaction(2): the interrupted mask, sa_mask, the signal itself unless SA_NODEFER; but a fault
  /// is never blocked.
  @Test func maskInAHandlerAsSets() {
    var random = Seeded()
    for _ in 0..<20_000 {
      let interrupted = random.bits()
      var action = coexist_action()
      action.mask = random.bits()
      action.flags = random.next()
      let signal = Int32(1 + random.below(64))
      var expected = Self.set(interrupted).union(Self.set(action.mask))
      if action.flags & 0x4000_0000 == 0 { expected.insert(signal) }
      expected.subtract(Self.faults)
      expected.subtract(Self.unblockable)
      #expect(Self.set(SignalMask.inHandler(interrupted, action, signal)) == expected)
    }
  }

  @Test func ourOwnCodeBlocksAllThatIsSent() {
    let expected = Set(Int32(1)...64).subtracting(Self.faults).subtracting(Self.unblockable)
    #expect(Self.set(SignalMask.dispatcher) == expected)
  }

  @Test func whatIsChainedAndWhatIsAFault() {
    for signal in Int32(-3)...70 {
      let isSignal = (1...64).contains(signal)
      #expect(isChained(signal) == (isSignal && !Self.unblockable.contains(signal)))
      #expect(!isSignal || isFault(signal) == [4, 5, 6, 7, 8, 11].contains(signal))
    }
    #expect(isChained(.max) == false)
    #expect(isChained(.min) == false)
  }
}
