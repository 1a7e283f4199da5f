import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  /// One fault through the whole chain, with handlers that decline or claim at random.
  @Suite struct DispatchTests {
    enum Answer: CaseIterable { case edits, mends, resets, raises, requeues }

    static func recorded(_ event: UInt64) -> coexist_event {
      coexist_state_event(State.shared, event)!.pointee
    }

    /// Unknown runtimes have no facts: evidence first, then the newest first (`Order` is tested).
    static func order(_ count: Int, pc: Int?, address: Int?) -> [Int] {
      var order: [Int] = []
      for evident in [pc, address] {
        if let evident, !order.contains(evident) { order.append(evident) }
      }
      return order + (0..<count).reversed().filter { !order.contains($0) }
    }

    @Test func everyLinkGetsTheOriginalEvent() throws {
      var random = Seeded()
      let callers = Array(Callers.libraries.prefix(5))
      try #require(callers.count == 5)
      for _ in 0..<400 {
        CoreState.begin()
        let asking = 2 + random.below(4)
        for index in 0..<asking {
          let flags: UInt64 = random.chance(1, in: 2) ? 0x0800_0004 : 4
          _ = SigactionTests.call(
            11, Action(handler: 0x40_0000 + UInt64(index), flags: flags), old: false,
            callers[index])
        }
        try CoreState.withThread { thread in
          let pc = random.chance(1, in: 2) ? random.below(asking) : nil
          let address = random.chance(1, in: 2) ? random.below(asking) : nil
          let event = FakeEvent(
            11, on: thread, pc: pc.map { callers[$0] } ?? Callers.system,
            address: address.map { callers[$0] } ?? 0, random: &random)
          let expected = Self.order(asking, pc: pc, address: address)
          let claimer = random.below(asking + 1)  // the last value: nobody
          var asked: [Int] = []
          let left = event.deliver { target, context in
            let index = Int(target - 0x40_0000)
            #expect(FakeEvent.registers(context) == event.registers)
            asked.append(index)
            let isClaimed = asked.count - 1 == claimer
            let claims: [Answer] = [.edits, .mends]
            let declines: [Answer] = [.resets, .raises, .requeues]
            Self.act(
              (isClaimed ? claims : declines).randomElement(using: &random)!, callers[index],
              context)
            return true
          }
          #expect(asked == Array(expected.prefix(claimer + 1)))
          let record = Self.recorded(State.shared.pointee.events_next)
          Self.expect(record, asked: asked.map { Ownership.caller(callers[$0]) }, claimer < asking)
          #expect(left != nil)
          #expect(thread.pointee.depth == 0)
          let after = left.map { coexist_uc_stack($0).pointee.ss_sp }
          #expect(after == AlternateStack.ours(thread).ss_sp, "rt_sigreturn sets the kernel's own")
          #expect(coexist_uc_mask(left).pointee == event.mask)
          // A decline leaves the handler where it was; a crash hands the fault to SIG_DFL.
          let held = FakeKernel.shared.held(11)
          #expect(held.handler == (claimer < asking ? coexist_entry_address() : 0))
        }
      }
    }

    static func act(_ answer: Answer, _ caller: UInt64, _ context: UnsafeMutableRawPointer) {
      switch answer {
      case .edits: coexist_uc_registers(context)[3] ^= 1
      case .mends: break
      case .resets: _ = SigactionTests.call(11, Action(handler: 0), old: false, caller)
      case .raises:
        _ = SigactionTests.call(11, Action(handler: 0), old: false, caller)
        #expect(Decline.swallows(11, caller: caller, how: COEXIST_HOW_RAISED.rawValue))
      case .requeues:
        #expect(Decline.swallows(11, caller: caller, how: COEXIST_HOW_REQUEUED.rawValue))
      }
    }

    static func expect(_ event: coexist_event, asked: [UInt32], _ isClaimed: Bool) {
      #expect(event.tried_count == UInt32(asked.count))
      var event = event
      let tried = (0..<event.tried_count).map {
        UInt32(coexist_event_tried(&event, $0).pointee.runtime)
      }
      #expect(tried == asked)
      let outcome = isClaimed ? COEXIST_OUTCOME_CLAIMED : COEXIST_OUTCOME_DEFAULT
      #expect(UInt32(event.outcome) == outcome.rawValue)
      #expect(!isClaimed || UInt32(event.claimed_by) == asked.last)
    }

    /// A handler that returns three times to the same fault without effect is not asked again.
    @Test func stuckHandlersAreSkipped() throws {
      var random = Seeded()
      CoreState.begin()
      for index in 0..<2 {
        _ = SigactionTests.call(
          11, Action(handler: 0x40_0000 + UInt64(index), flags: 4), old: false,
          Callers.libraries[index])
      }
      try CoreState.withThread { thread in
        let event = FakeEvent(11, on: thread, pc: Callers.system, address: 0, random: &random)
        var asked: [UInt64] = []
        for _ in 0..<5 {
          _ = event.deliver { target, _ in
            asked.append(target - 0x40_0000)
            return true
          }
        }
        #expect(asked == [1, 1, 1, 0, 0])
      }
    }

    /// Each of the first, then one of sixteen; the others are recorded all the same.
    @Test func manyDispatchesAreTimedBySamples() throws {
      var random = Seeded()
      CoreState.begin()
      for library in Callers.libraries.prefix(2) {
        _ = SigactionTests.call(11, Action(handler: 0x40_0000, flags: 4), old: false, library)
      }
      try CoreState.withThread { thread in
        let event = FakeEvent(11, on: thread, pc: Callers.system, address: 0, random: &random)
        var timed: [UInt64] = []
        for _ in 0..<1_100 {
          _ = event.deliver { _, context in
            coexist_uc_registers(context)[3] ^= 1
            return true
          }
          let sequence = State.shared.pointee.events_next
          let record = Self.recorded(sequence)
          #expect(record.outcome == UInt8(COEXIST_OUTCOME_CLAIMED.rawValue))
          if record.total_ns != 0 { timed.append(sequence) }
        }
        #expect(Array(timed.prefix(1_024)) == Array(1...1_024))
        #expect(timed.dropFirst(1_024).elementsEqual([1_025, 1_041, 1_057, 1_073, 1_089]))
      }
    }

    /// Eight handlers, each interrupted by the next, and no ninth.
    @Test func nestingEnds() throws {
      var random = Seeded()
      CoreState.begin()
      for index in 0..<2 {
        _ = SigactionTests.call(
          11, Action(handler: 0x40_0000 + UInt64(index), flags: 4), old: false,
          Callers.libraries[index])
      }
      try CoreState.withThread { thread in
        var depth = 0
        func fault() {
          let event = FakeEvent(11, on: thread, pc: Callers.system, address: 0, random: &random)
          _ = event.deliver { _, context in
            depth += 1
            if depth < 20 { fault() }
            coexist_uc_registers(context)[3] ^= 1
            return true
          }
        }
        fault()
        #expect(depth <= Int(COEXIST_DISPATCH_DEPTH))
        #expect(thread.pointee.depth == 0)
      }
    }
  }
}
