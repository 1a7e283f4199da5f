import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

/// Every combination of what a handler asked for and where the thread and the frame were.
@Suite struct PlacementTests {
  static let own: UInt64 = 0x10_0000
  static let kernel: UInt64 = 0x20_0000
  static let thread: UInt64 = 0x30_0000
  static let ours: UInt64 = 0x40_0000
  static let size: UInt64 = 0x1_0000

  static func stack(_ low: UInt64?) -> stack_t {
    guard let low else { return stack_t() }
    return stack_t(
      ss_sp: UnsafeMutableRawPointer(bitPattern: UInt(low)), ss_flags: 0, ss_size: Int(size))
  }

  static func isOn(_ low: UInt64?, _ address: UInt64) -> Bool {
    low.map { address > $0 && address <= $0 + size } ?? false
  }

  /// Edges, and a place in the middle, of each stack.
  static let places: [UInt64] = [own, kernel, thread, ours].flatMap { (low: UInt64) -> [UInt64] in
    let steps: [UInt64] = [0, 1, 0x8000, size, size + 1]
    return steps.map { low + $0 }
  }

  /// As Linux chooses (arch/x86/kernel/signal.c get_sigframe), with a stack each instead of one.
  static func expected(
    alternate: Bool, own: UInt64?, kernel: UInt64?, frame: UInt64, sp: UInt64, usable: Bool,
    inPlace: Bool
  ) -> UInt64? {
    if !alternate && inPlace { return nil }
    if !alternate && usable { return sp - 128 }
    let chosen = alternate ? own ?? kernel : ours
    guard let chosen, !isOn(chosen, frame) else { return nil }
    return isOn(chosen, sp) ? sp - 128 : chosen + size
  }

  @Test func allCombinations() {
    var combinations = 0
    for flags in 0..<32 {
      let alternate = flags & 1 != 0
      let own = flags & 2 != 0 ? Self.own : nil
      let kernel = flags & 4 != 0 ? Self.kernel : nil
      for frame in Self.places {
        for sp in Self.places {
          let placement = Placement(
            wantsAlternate: alternate, own: Self.stack(own), kernel: Self.stack(kernel),
            ours: Self.stack(Self.ours), frame: frame, interrupted: sp,
            interruptedIsUsable: flags & 8 != 0,
            frameIsOnInterrupted: flags & 16 != 0)
          let expected = Self.expected(
            alternate: alternate, own: own, kernel: kernel, frame: frame, sp: sp,
            usable: flags & 8 != 0, inPlace: flags & 16 != 0)
          #expect(placement.target == expected, "\(placement)")
          combinations += 1
        }
      }
    }
    #expect(combinations == 32 * 400)
  }

  /// A handler on the stack was interrupted by one on another stack: what it has there is kept.
  @Test func belowAHandlerThatWasInterrupted() {
    func target(frame: UInt64, interrupted: UInt64, lowest: UInt64) -> UInt64? {
      Placement(
        wantsAlternate: true, own: Self.stack(Self.own), kernel: Self.stack(Self.kernel),
        ours: Self.stack(Self.ours), frame: frame, interrupted: interrupted, lowest: lowest,
        interruptedIsUsable: false, frameIsOnInterrupted: false
      ).target
    }
    let (on, elsewhere) = (Self.own + 0x8000, Self.kernel + 0x8000)
    #expect(target(frame: elsewhere, interrupted: elsewhere, lowest: on) == on - 128)
    #expect(target(frame: elsewhere, interrupted: elsewhere, lowest: 0) == Self.own + Self.size)
    #expect(target(frame: elsewhere, interrupted: on - 0x1000, lowest: on) == on - 0x1000 - 128)
    #expect(target(frame: on - 0x1000, interrupted: on, lowest: on) == nil, "it is there already")
  }
}
