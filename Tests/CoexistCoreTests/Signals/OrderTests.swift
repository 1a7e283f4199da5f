import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

/// The three passes against a model that sorts instead of searching.
@Suite struct OrderTests {
  struct Case {
    var facts: [UInt32: Order.Facts] = [:]
    var order: Order
    var claimants: UInt64

    init(_ random: inout Seeded) {
      func owner() -> UInt32 { UInt32(random.chance(1, in: 3) ? 0 : random.below(64)) }
      order = Order(
        attribution: Attribution(
          pcOwner: owner(), addressOwner: owner(), threadOwner: owner(), genuine: true),
        asked: random.bits(), nearStack: random.chance(1, in: 2))
      claimants = random.bits()
      // Sequences are unique, and near the point where they wrap.
      let start = UInt32.max - 32
      let places = Array(0..<UInt32(64)).shuffled(using: &random)
      for runtime in UInt32(0)..<64 {
        facts[runtime] = Order.Facts(
          claims: coexist_claims(UInt32(random.below(5))),
          passes: coexist_passes(UInt32(random.below(3))), flags: UInt32(random.below(16)),
          sequence: start &+ places[Int(runtime)])
      }
    }

    private func age(_ runtime: UInt32) -> UInt32 { facts[runtime]!.sequence &- (UInt32.max - 32) }

    private func members(_ set: UInt64) -> [UInt32] {
      (UInt32(0)..<64).filter { set & (1 << UInt64($0)) != 0 }
    }

    private func rank(_ runtime: UInt32) -> (Int, coexist_evidence)? {
      let known = facts[runtime]!
      let owner = order.attribution
      let onItsThread = runtime == owner.threadOwner
      switch known.claims {
      case COEXIST_CLAIMS_NEVER: return nil
      case _ where runtime == owner.pcOwner: return (0, COEXIST_EVIDENCE_PC)
      case _
      where runtime == owner.addressOwner
        && (known.claims == COEXIST_CLAIMS_UNKNOWN || known.flags & 8 != 0):
        return (1, COEXIST_EVIDENCE_ADDRESS)
      case _ where order.nearStack && known.flags & 2 != 0: return nil
      case COEXIST_CLAIMS_PRECISELY:
        return onItsThread ? (2, COEXIST_EVIDENCE_THREAD) : (3, COEXIST_EVIDENCE_NONE)
      case COEXIST_CLAIMS_GREEDILY: return onItsThread ? (4, COEXIST_EVIDENCE_THREAD) : nil
      default: return nil
      }
    }

    var claim: (UInt32, coexist_evidence)? {
      let ranked = members(claimants & ~order.asked).compactMap { runtime in
        rank(runtime).map { (runtime, $0.0, $0.1) }
      }
      let first = ranked.min { $0.1 != $1.1 ? $0.1 < $1.1 : age($0.0) > age($1.0) }
      return first.map { ($0.0, $0.2) }
    }

    var report: UInt32? {
      members(claimants & ~order.asked).filter { runtime in
        let known = facts[runtime]!
        return known.passes != COEXIST_PASSES_ON
          || ![COEXIST_CLAIMS_PRECISELY, COEXIST_CLAIMS_OWN_CODE].contains(known.claims)
      }.max { age($0) < age($1) }
    }

    private func handsOnSilently(_ known: Order.Facts) -> Bool {
      known.claims == COEXIST_CLAIMS_PRECISELY && known.passes == COEXIST_PASSES_ON
        && known.flags & 1 == 0
    }

    var bottom: UInt32? {
      let first = members(claimants).filter { !handsOnSilently(facts[$0]!) }
        .min { age($0) < age($1) }
      return first.flatMap { facts[$0]!.flags & 1 != 0 ? $0 : nil }
    }
  }

  @Test func everyPassAsTheModelSays() {
    var random = Seeded()
    for _ in 0..<20_000 {
      let one = Case(&random)
      let claim = one.order.claim(one.claimants) { one.facts[$0]! }
      #expect(claim?.runtime == one.claim?.0)
      #expect(claim?.evidence == one.claim?.1)
      let report = one.order.report(one.claimants) { one.facts[$0]! }
      #expect(report?.runtime == one.report)
      #expect(report == nil || report?.evidence == COEXIST_EVIDENCE_NONE)
      #expect(Order.bottom(one.claimants) { one.facts[$0]! } == one.bottom)
    }
  }

  /// Asking until nobody is left ends, and asks nobody twice.
  @Test func everyoneIsAskedOnce() {
    var random = Seeded()
    for _ in 0..<500 {
      var one = Case(&random)
      one.order.asked = 0
      var turns = 0
      for pass in [Order.claim, Order.report] {
        while let choice = pass(one.order)(one.claimants, { one.facts[$0]! }) {
          #expect(one.order.asked & bit(choice.runtime) == 0)
          #expect(one.claimants & bit(choice.runtime) != 0)
          one.order.asked |= bit(choice.runtime)
          turns += 1
        }
      }
      #expect(turns <= one.claimants.nonzeroBitCount)
    }
  }
}
