import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

/// Who gets a signal that was sent, against the rules of DESIGN §5 written with sets.
@Suite struct RecipientsTests {
  static func set(_ bits: UInt64) -> Set<Int> { Set((0..<64).filter { bits & (1 << $0) != 0 }) }

  static func expected(
    _ signal: Int32, claimants: Set<Int>, privateTo: Set<Int>, raw: Set<Int>,
    pastLibc: Set<Int>, host: Set<Int>, oldest: Set<Int>, ignoring: Set<Int>,
    _ origin: Recipients.Origin
  ) -> Set<Int> {
    let broadcast: Set<Int32> = [17, 18, 28]  // SIGCHLD, SIGCONT, SIGWINCH
    let ending: Set<Int32> = [1, 2, 3, 15]  // SIGHUP, SIGINT, SIGQUIT, SIGTERM
    if broadcast.contains(signal) { return claimants }
    let senders: Set<Int> =
      switch origin {
      case .tagged(let bits), .askedFor(let bits): set(bits)
      case .raw: raw.isDisjoint(with: claimants) ? pastLibc : raw
      case .again(let bits): raw.isDisjoint(with: claimants) ? set(bits) : raw
      case .outside: []
      }
    let known = senders.intersection(claimants)
    if case .again = origin, raw.isDisjoint(with: claimants), signal < 32,
      claimants.isSubset(of: privateTo)
    {
      return []  // the handler that ran last has served it
    }
    if !known.isEmpty { return known }
    switch origin {
    case .tagged, .askedFor, .again:
      if !senders.isEmpty, senders.isSubset(of: ignoring) { return [] }
    default: break
    }
    let meant = claimants.subtracting(privateTo)
    if meant.isEmpty { return claimants }
    guard ending.contains(signal) else { return meant }
    for one in [host, oldest] where !one.isDisjoint(with: meant) { return one.intersection(meant) }
    return meant
  }

  @Test func everySignalAndOrigin() {
    var random = Seeded()
    for _ in 0..<3_000 {
      let claimants = random.bits() | 1 << UInt64(random.below(64))
      let privateTo = random.bits(), raw = privateTo & random.bits()
      let pastLibc = raw | random.bits()
      let host: UInt64 = 1 << UInt64(random.below(64))
      let oldest: UInt64 = 1 << UInt64(random.below(64))
      let senders = random.bits()
      let ignoring = random.below(2) == 0 ? senders : random.bits()
      let choice = Recipients(
        claimants: claimants, ignoring: ignoring, privateTo: privateTo, rawSenders: raw,
        pastLibc: pastLibc, host: host, oldest: oldest)
      let origins: [Recipients.Origin] = [
        .tagged(senders), .raw, .again(senders), .askedFor(senders), .outside,
      ]
      for signal in [1, 2, 3, 10, 12, 14, 15, 17, 18, 23, 27, 28, 34, 64] as [Int32] {
        for origin in origins {
          let chosen = choice.choose(signal, origin)
          switch origin {
          case .raw, .outside: #expect(chosen != 0, "a signal is lost")
          default: break
          }
          #expect(chosen & ~claimants == 0, "somebody who did not ask")
          let expected = Self.expected(
            signal, claimants: Self.set(claimants), privateTo: Self.set(privateTo),
            raw: Self.set(raw), pastLibc: Self.set(pastLibc), host: Self.set(host),
            oldest: Self.set(oldest), ignoring: Self.set(ignoring), origin)
          #expect(Self.set(chosen) == expected)
        }
      }
    }
  }
}
