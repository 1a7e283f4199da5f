import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  /// What a runtime asks for while its own handler runs is kept back until the handler has left.
  @Suite struct InHandlerTests {
    typealias Calls = SigactionTests

    static let mine = Action(handler: 0x40_0000, flags: 4)
    static let other = Action(handler: 0x50_0000, flags: 4)

    /// The app and a library have a handler for `signal`; the library's runs.
    static func inHandler(
      _ signal: Int32, _ body: (UInt64, UnsafeMutablePointer<coexist_dispatch>) throws -> Void
    ) throws {
      CoreState.begin()
      let library = try #require(Callers.libraries.first)
      _ = Calls.call(signal, mine, old: false, Callers.app)
      _ = Calls.call(signal, other, old: false, library)
      try CoreState.withThread { thread in
        let dispatch = Dispatches.push(on: thread)!
        dispatch.initialize(to: coexist_dispatch())
        dispatch.pointee.thread = thread
        dispatch.pointee.signal = signal
        dispatch.pointee.runtime = Ownership.caller(library)
        dispatch.pointee.handler_sp = thread.pointee.stack_high
        dispatch.pointee.registers.sp = thread.pointee.stack_high
        try body(library, dispatch)
        #expect(dispatch.pointee.thread == thread)
      }
    }

    @Test func puttingBackIsADeclineAndWaits() throws {
      try Self.inHandler(11) { library, dispatch in
        let reset = Action(handler: 0)
        #expect(Calls.call(11, reset, old: true, library).old == Self.other.kept)
        #expect(dispatch.pointee.how == COEXIST_HOW_RESET.rawValue)
        #expect(Calls.call(11, nil, old: true, library).old == reset.kept, "it reads what it wrote")
        #expect(FakeKernel.shared.held(11) == SigactionModel.dispatcher, "nothing was done yet")
        Decline.apply(dispatch)
        #expect(FakeKernel.shared.held(11) == Self.mine.kept, "one party is left")
      }
    }

    @Test func asItHandledItsEventAfterAll() throws {
      try Self.inHandler(11) { library, dispatch in
        _ = Calls.call(11, Action(handler: 0), old: false, library)
        let third = Action(handler: 0x60_0000)
        #expect(Calls.call(11, third, old: true, library).old == Action(handler: 0).kept)
        Decline.apply(dispatch)
        #expect(Calls.call(11, nil, old: true, library).old == third.kept)
      }
    }

    /// Another runtime that a handler calls into is not in its own handler: its request counts now.
    @Test func othersRequestsAreNotKeptBack() throws {
      try Self.inHandler(11) { library, dispatch in
        _ = Calls.call(11, Action(handler: 0), old: false, Callers.app)
        #expect(dispatch.pointee.how == COEXIST_HOW_ASKED.rawValue)
        #expect(FakeKernel.shared.held(11) == Self.other.kept)
      }
    }

    @Test func putBackThenRaisedIsSwallowed() throws {
      try Self.inHandler(11) { library, dispatch in
        let raised = COEXIST_HOW_RAISED.rawValue
        let requeued = COEXIST_HOW_REQUEUED.rawValue
        #expect(!Decline.swallows(11, caller: library, how: raised), "it raises a new one")
        #expect(!Decline.swallows(8, caller: library, how: requeued), "another signal")
        #expect(!Decline.swallows(15, caller: library, how: requeued), "not chained")
        #expect(!Decline.swallows(11, caller: Callers.app, how: requeued), "not its handler")
        #expect(dispatch.pointee.how == COEXIST_HOW_ASKED.rawValue)
        _ = Calls.call(11, Action(handler: 0), old: false, library)
        #expect(Decline.swallows(11, caller: library, how: raised))
        #expect(dispatch.pointee.how == raised)
        #expect(Decline.swallows(11, caller: Callers.system, how: requeued))
        #expect(dispatch.pointee.how == requeued)
      }
    }

    /// longjmp out of a handler: the stack pointer tells, and what it put back is done.
    @Test func aHandlerThatLeftHasHandledItsEvent() throws {
      try Self.inHandler(11) { library, dispatch in
        _ = Calls.call(11, Action(handler: 0), old: false, library)
        dispatch.pointee.handler_sp = coexist_current_sp() - 4096
        dispatch.pointee.registers.sp = dispatch.pointee.handler_sp
        #expect(Dispatches.innermost() == nil)
        #expect(FakeKernel.shared.held(11) == Self.mine.kept)
      }
    }
  }
}
