import Foundation
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  /// What does not follow from requests alone: modes, one-shot handlers, failures, limits.
  @Suite struct SigactionModesTests {
    typealias Calls = SigactionTests

    static let handler = Action(handler: 0x40_0000, flags: 4)
    static let other = Action(handler: 0x50_0000, flags: 4)

    @Test(arguments: [true, false])
    func observingAndLastWinsLeaveLibcAlone(observes: Bool) throws {
      CoreState.begin()
      let config = coexist_the_config().pointee
      coexist_the_config().pointee.mode =
        observes ? COEXIST_MODE_OBSERVE.rawValue : config.mode
      coexist_the_config().pointee.last_wins = observes ? 0 : 1
      let library = try #require(Callers.libraries.first)
      _ = Calls.call(11, Self.handler, old: true, Callers.app)
      let (result, old) = Calls.call(11, Self.other, old: true, library)
      #expect(result == 0)
      #expect(old == Self.handler.kept, "the other's action, as libc alone would say")
      #expect(FakeKernel.shared.held(11) == Self.other.kept)
      let recorded = Requests.action(11, Ownership.caller(library)).map { Action($0) }
      #expect(recorded == Self.other.kept, "the inspector sees it")
    }

    /// sigaction(2) fails: nothing is known afterwards that was not known before.
    @Test(arguments: [9, 19, 32, 33] as [Int32])
    func aRefusedRequestMakesNoParty(signal: Int32) throws {
      CoreState.begin()
      let library = try #require(Callers.libraries.first)
      let before = Runtimes.count
      #expect(Calls.call(signal, Self.handler, old: false, library).result == -1)
      #expect(Runtimes.count == before)
      #expect(Ownership.caller(library) == Runtimes.app)
    }

    /// The kernel puts SIG_DFL back at delivery; the single party reads that, as alone.
    @Test func aOneShotHandlerThatHasRun() throws {
      CoreState.begin()
      let shot = Action(handler: 0x40_0000, flags: 0x8000_0004, mask: 2)
      _ = Calls.call(8, shot, old: false, Callers.app)
      var spent = shot.kept
      spent.handler = 0
      FakeKernel.shared.hold(spent, 8)
      #expect(Calls.call(8, nil, old: true, Callers.app).old == spent)
    }

    /// A spent one-shot handler stays spent, whatever another party asks for afterwards.
    @Test(arguments: [Action(handler: 0), other])
    func aSpentHandlerIsNotLoadedAgain(next: Action) throws {
      CoreState.begin()
      let library = try #require(Callers.libraries.first)
      _ = Calls.call(4, Self.other, old: false, library)  // a party from here on
      let shot = Action(handler: 0x40_0000, flags: 0x8000_0004)
      _ = Calls.call(8, shot, old: false, Callers.app)
      var spent = shot.kept
      spent.handler = 0
      FakeKernel.shared.hold(spent, 8)
      _ = Calls.call(8, next, old: false, library)
      #expect(FakeKernel.shared.held(8) == next.kept)
      #expect(Calls.call(8, nil, old: true, Callers.app).old == spent)
    }

    /// When every record is in use the request is served as libc alone would, and said so.
    @Test func noRecordIsFree() throws {
      CoreState.begin()
      while ActionPool.take() != nil {}
      let (result, old) = Calls.call(11, Self.handler, old: true, Callers.app)
      #expect(result == 0)
      #expect(old == Action(handler: 0))
      #expect(FakeKernel.shared.held(11) == Self.handler.kept)
      #expect(CoreState.warnings().contains { $0.hasPrefix("W205 ") && $0.contains("signal 11") })
    }

    /// In front again after a raw system call; the stranger's action becomes its owner's request.
    @Test func frontOfChain() throws {
      CoreState.begin()
      let library = try #require(Callers.libraries.first)
      let raw = Action(handler: library, flags: 4, mask: 8)
      _ = Calls.call(11, Self.handler, old: false, Callers.app)
      FrontOfChain.check()
      #expect(FakeKernel.shared.held(11) == Self.handler.kept, "nobody bypassed us")
      FakeKernel.shared.hold(raw.kept, 11)
      FrontOfChain.check()
      #expect(FakeKernel.shared.held(11) == SigactionModel.dispatcher)
      #expect(Calls.call(11, nil, old: true, library).old == raw.kept)
      #expect(Calls.call(11, nil, old: true, Callers.app).old == Self.handler.kept)
      #expect(CoreState.warnings().contains { $0.hasPrefix("W201 SIGSEGV") })
      FakeKernel.shared.forgetCalls()
      FrontOfChain.check()
      #expect(FakeKernel.shared.calls.allSatisfy { $0 != .setAction(11) }, "and only once")
    }
  }

  /// "CODE text" of each warning in the ring.
  static func warnings() -> [String] {
    (0..<UInt64(COEXIST_WARNINGS_MAX)).compactMap { index in
      let slot = coexist_state_warning(State.shared, index)!
      guard slot.pointee.sequence != 0 else { return nil }
      return "\(text(&slot.pointee.code)) \(text(&slot.pointee.text))"
    }
  }

  /// A C array of characters, imported as a tuple.
  static func text<Tuple>(_ characters: UnsafePointer<Tuple>) -> String {
    String(cString: UnsafeRawPointer(characters).assumingMemoryBound(to: CChar.self))
  }
}
