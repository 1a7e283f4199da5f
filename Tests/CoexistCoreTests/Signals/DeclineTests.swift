import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

@Suite struct DeclineTests {
  /// Only what a handler did on purpose is a decline, and never after it edited the registers.
  @Test func everyAnswer() {
    let declines: Set<UInt32> = [
      COEXIST_HOW_RESET.rawValue, COEXIST_HOW_RAISED.rawValue, COEXIST_HOW_REQUEUED.rawValue,
      COEXIST_HOW_CALLED_PREVIOUS.rawValue,
    ]
    for how in UInt32(0)..<64 {
      #expect(Decline.judge(how: how, changed: false) == declines.contains(how))
      #expect(Decline.judge(how: how, changed: true) == false)
    }
  }

  /// The journal of a handler against a dictionary with room for as many signals.
  @Test func theJournalIsADictionary() throws {
    var random = Seeded()
    let dispatch = UnsafeMutablePointer<coexist_dispatch>.allocate(capacity: 1)
    defer { dispatch.deallocate() }
    dispatch.initialize(to: coexist_dispatch())
    dispatch.pointee.signal = 11
    var model: [Int32: UInt64] = [:]
    for step in UInt64(0)..<50_000 {
      let signal = Int32(1 + random.below(64))
      switch random.below(4) {
      case 0:
        Decline.forget(signal, in: dispatch)
        model[signal] = nil
      case 1, 2:
        dispatch.pointee.how = COEXIST_HOW_ASKED.rawValue
        Decline.journal(Action(handler: 0, mask: step).words, signal, in: dispatch)
        model[signal] = nil
        if model.count < Int(COEXIST_JOURNAL_MAX) { model[signal] = step }
        let isReset = dispatch.pointee.how == COEXIST_HOW_RESET.rawValue
        #expect(isReset == (signal == dispatch.pointee.signal))
      default: break
      }
      #expect(Decline.journaled(signal, in: dispatch)?.mask == model[signal])
      #expect(dispatch.pointee.journal_count == UInt32(model.count))
    }
  }

  /// SA_RESETHAND is the kernel's doing: SIG_DFL, the rest as it was, and no decline.
  @Test func resetBeforehandIsNoDecline() {
    let dispatch = UnsafeMutablePointer<coexist_dispatch>.allocate(capacity: 1)
    defer { dispatch.deallocate() }
    dispatch.initialize(to: coexist_dispatch())
    dispatch.pointee.signal = 8
    let action = Action(handler: 0x4000, flags: 0x8400_0004, mask: 3)
    Decline.resetBeforehand(action.words, in: dispatch)
    #expect(dispatch.pointee.how == COEXIST_HOW_ASKED.rawValue)
    let left = Decline.journaled(8, in: dispatch).map { Action($0) }
    #expect(left == Action(handler: 0, flags: 0x8400_0004, mask: 3))
  }
}
