import CCoexist

/// Walks the chain of one event: rules of the configuration, then the three passes of `Order`.
enum Chain {
  @_noLocks @_noAllocation @inline(__always)
  static func next(_ dispatch: UnsafeMutablePointer<coexist_dispatch>) -> Order.Choice? {
    let claimants = Requests.claimants(dispatch.pointee.signal)
    if let runtime = Rules.next(dispatch, claimants) {
      return Order.Choice(runtime: runtime, evidence: COEXIST_EVIDENCE_RULE)
    }
    let signal = dispatch.pointee.signal
    if dispatch.pointee.delivery != 0 {
      return oldest(of: dispatch.pointee.recipients & claimants & ~dispatch.pointee.asked, signal)
    }
    let order = Order(
      attribution: Attribution(
        pcOwner: dispatch.pointee.pc_owner, addressOwner: dispatch.pointee.address_owner,
        threadOwner: dispatch.pointee.thread_owner, genuine: dispatch.pointee.genuine != 0),
      asked: dispatch.pointee.asked, nearStack: isNearStack(dispatch))
    if dispatch.pointee.pass == COEXIST_PASS_CLAIM.rawValue {
      if let choice = order.claim(claimants, { facts($0, signal) }) { return choice }
      dispatch.pointee.pass = COEXIST_PASS_REPORT.rawValue
    }
    if dispatch.pointee.pass == COEXIST_PASS_REPORT.rawValue {
      if let choice = order.report(claimants, { facts($0, signal) }) { return choice }
      dispatch.pointee.pass = COEXIST_PASS_BOTTOM.rawValue
      if let runtime = Order.bottom(claimants, { facts($0, signal) }) {
        return Order.Choice(runtime: runtime, evidence: COEXIST_EVIDENCE_NONE)
      }
    }
    return nil
  }

  /// Who gets a signal that was sent.
  @_noLocks @_noAllocation
  static func recipients(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>,
    _ thread: UnsafeMutablePointer<coexist_thread>, _ ucontext: UnsafeMutableRawPointer
  ) -> UInt64 {
    let signal = dispatch.pointee.signal
    if Numbers.strays(dispatch, thread) { return 0 }
    let sent = Senders.origin(
      signal, &dispatch.pointee.info, thread, label: dispatch.pointee.sender)
    if case .tagged(let senders) = sent, senders & Requests.claimants(signal) == 0 {
      let waiting = senders & Waiters.of(signal)
      // They wait for it: no concern of those that have a handler.
      if waiting != 0 {
        _ = Held.hold(dispatch, waiting, thread)
        return 0
      }
    }
    return recipients(signal, Pipes.origin(signal, sent, ucontext))
  }

  @_noLocks @_noAllocation
  static func recipients(_ signal: Int32, _ origin: Recipients.Origin) -> UInt64 {
    let claimants = Requests.claimants(signal)
    var ignoring: UInt64 = 0
    switch origin {
    case .tagged(let senders), .askedFor(let senders), .again(let senders):
      if senders & claimants == 0 { ignoring = Requests.ignoring(signal, among: senders) }
    default: break
    }
    let choice = Recipients(
      claimants: claimants, ignoring: ignoring, privateTo: Needs.privateTo(claimants, signal),
      rawSenders: Needs.rawSenders(claimants, signal),
      pastLibc: Needs.sendersPastLibc(claimants), host: bit(Start.host),
      oldest: oldest(of: claimants, signal).map { bit($0.runtime) } ?? 0)
    return choice.choose(signal, origin)
  }

  @_noLocks @_noAllocation
  private static func oldest(of runtimes: UInt64, _ signal: Int32) -> Order.Choice? {
    var best: UInt32? = nil
    var bestSequence: UInt32 = 0
    var rest = runtimes
    while rest != 0 {
      let runtime = UInt32(truncatingIfNeeded: rest.trailingZeroBitCount)
      rest &= rest &- 1
      let sequence = facts(runtime, signal).sequence
      if best == nil || Int32(bitPattern: sequence &- bestSequence) < 0 {
        best = runtime
        bestSequence = sequence
      }
    }
    return best.map { Order.Choice(runtime: $0, evidence: COEXIST_EVIDENCE_NONE) }
  }

  @_noLocks @_noAllocation @inline(__always)
  static func facts(_ runtime: UInt32, _ signal: Int32) -> Order.Facts {
    let entry = Catalogue.entry(of: runtime)
    return Order.Facts(
      claims: coexist_claims(entry?.pointee.claims ?? COEXIST_CLAIMS_UNKNOWN.rawValue),
      passes: coexist_passes(entry?.pointee.passes ?? COEXIST_PASSES_ON.rawValue),
      flags: entry?.pointee.flags ?? 0,
      sequence: Requests.sequence(signal, runtime))
  }

  /// A fault within a page of the stack pointer looks like a stack overflow to some runtimes.
  @_noLocks @_noAllocation @inline(__always)
  private static func isNearStack(_ dispatch: UnsafeMutablePointer<coexist_dispatch>) -> Bool {
    let address = coexist_info_address(&dispatch.pointee.info)
    let sp = dispatch.pointee.registers.sp
    return dispatch.pointee.genuine != 0 && (address > sp ? address &- sp : sp &- address) <= 4096
  }

  /// How the runtime that has just returned declined, in the recorder's words.
  @_noLocks @_noAllocation
  static func answer(_ dispatch: UnsafeMutablePointer<coexist_dispatch>) -> coexist_how {
    if let entry = Catalogue.entry(of: dispatch.pointee.runtime),
      entry.pointee.claims == COEXIST_CLAIMS_NEVER.rawValue
    {
      return COEXIST_HOW_REPORTED
    }
    return coexist_how(dispatch.pointee.how)
  }
}
