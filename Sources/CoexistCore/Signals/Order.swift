import CCoexist

/// Who is asked next: a pure function of what each runtime is, the evidence, and who was asked.
/// Claim pass: with evidence first, then all that can decline without a trace. Report pass: as
/// natively, last installed first. Bottom pass: the first installed, as if nothing were below it.
struct Order {
  var attribution: Attribution
  var asked: UInt64
  var nearStack: Bool

  struct Choice {
    var runtime: UInt32
    var evidence: coexist_evidence
  }

  /// `facts` says what is known of a runtime: tests pass their own.
  struct Facts {
    var claims: coexist_claims
    var passes: coexist_passes
    var flags: UInt32
    var sequence: UInt32

    @_noLocks @_noAllocation
    init(claims: coexist_claims, passes: coexist_passes, flags: UInt32, sequence: UInt32) {
      self.claims = claims
      self.passes = passes
      self.flags = flags
      self.sequence = sequence
    }

    @_noLocks @_noAllocation
    func has(_ flag: coexist_entry_flags) -> Bool { flags & flag.rawValue != 0 }
  }

  @_noLocks @_noAllocation
  init(attribution: Attribution, asked: UInt64, nearStack: Bool) {
    self.attribution = attribution
    self.asked = asked
    self.nearStack = nearStack
  }

  @_noLocks @_noAllocation
  func claim(_ claimants: UInt64, _ facts: (UInt32) -> Facts) -> Choice? {
    // Nobody ranks before the owner of the instruction: with many runtimes it is not searched for.
    let owner = attribution.pcOwner
    if claimants & ~asked & bit(owner) != 0, facts(owner).claims != COEXIST_CLAIMS_NEVER {
      return Choice(runtime: owner, evidence: COEXIST_EVIDENCE_PC)
    }
    return best(claimants & ~asked, facts) { runtime, known in rank(runtime, known) }
  }

  @_noLocks @_noAllocation
  func report(_ claimants: UInt64, _ facts: (UInt32) -> Facts) -> Choice? {
    best(claimants & ~asked, facts) { _, known in
      // Whoever would have passed it on silently need not be asked again.
      let silent =
        known.passes == COEXIST_PASSES_ON
        && (known.claims == COEXIST_CLAIMS_PRECISELY || known.claims == COEXIST_CLAIMS_OWN_CODE)
      return silent ? nil : (0, COEXIST_EVIDENCE_NONE)
    }
  }

  /// The runtime that was there first, if it reports when only SIG_DFL is below it. Those that hand
  /// on without a trace do not count: who came after them would have seen SIG_DFL alone.
  @_noLocks @_noAllocation
  static func bottom(_ claimants: UInt64, _ facts: (UInt32) -> Facts) -> UInt32? {
    var first: UInt32? = nil
    var sequence: UInt32 = 0
    var rest = claimants
    while rest != 0 {
      let runtime = UInt32(truncatingIfNeeded: rest.trailingZeroBitCount)
      rest &= rest &- 1
      let known = facts(runtime)
      if known.claims == COEXIST_CLAIMS_PRECISELY, known.passes == COEXIST_PASSES_ON,
        !known.has(COEXIST_BOTTOM_ABORTS)
      {
        continue
      }
      if first == nil || Int32(bitPattern: known.sequence &- sequence) < 0 {
        first = runtime
        sequence = known.sequence
      }
    }
    guard let first, facts(first).has(COEXIST_BOTTOM_ABORTS) else { return nil }
    return first
  }

  /// Smaller is asked earlier; nil = not in the claim pass.
  @_noLocks @_noAllocation
  private func rank(_ runtime: UInt32, _ known: Facts) -> (Int, coexist_evidence)? {
    if known.claims == COEXIST_CLAIMS_NEVER { return nil }
    if runtime == attribution.pcOwner { return (0, COEXIST_EVIDENCE_PC) }
    if runtime == attribution.addressOwner,
      known.claims == COEXIST_CLAIMS_UNKNOWN || known.has(COEXIST_CLAIMS_ITS_PAGES)
    {
      return (1, COEXIST_EVIDENCE_ADDRESS)
    }
    if nearStack, known.has(COEXIST_ABORTS_NEAR_STACK) { return nil }
    if known.claims == COEXIST_CLAIMS_PRECISELY {
      let owns = runtime == attribution.threadOwner
      return (owns ? 2 : 3, owns ? COEXIST_EVIDENCE_THREAD : COEXIST_EVIDENCE_NONE)
    }
    if known.claims == COEXIST_CLAIMS_GREEDILY, runtime == attribution.threadOwner {
      return (4, COEXIST_EVIDENCE_THREAD)
    }
    return nil
  }

  /// The least rank; among equals the one installed last.
  @_noLocks @_noAllocation
  private func best(
    _ candidates: UInt64, _ facts: (UInt32) -> Facts,
    _ rank: (UInt32, Facts) -> (Int, coexist_evidence)?
  ) -> Choice? {
    var choice: Choice? = nil
    var bestRank = 0
    var bestSequence: UInt32 = 0
    var rest = candidates
    while rest != 0 {
      let runtime = UInt32(truncatingIfNeeded: rest.trailingZeroBitCount)
      rest &= rest &- 1
      let known = facts(runtime)
      guard let (value, evidence) = rank(runtime, known) else { continue }
      let newer = Int32(bitPattern: known.sequence &- bestSequence) > 0
      if choice == nil || value < bestRank || (value == bestRank && newer) {
        choice = Choice(runtime: runtime, evidence: evidence)
        bestRank = value
        bestSequence = known.sequence
      }
    }
    return choice
  }
}
