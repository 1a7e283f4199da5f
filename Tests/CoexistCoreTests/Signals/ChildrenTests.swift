import Foundation
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  /// Whose child is whose, and what SIGCHLD must be for it. The children are real processes.
  @Suite struct ChildrenTests {
    private let sigchld: Int32 = 17
    private var callers: [UInt64] { Array(Callers.libraries.prefix(2)) }

    /// A library becomes a runtime of its own by asking for SIGCHLD.
    private func runtimes(_ handlers: [UInt64]) throws {
      CoreState.begin()
      memset(coexist_child(0), 0, 8 * Int(COEXIST_CHILDREN_MAX))
      try #require(callers.count == 2)
      for (caller, handler) in zip(callers, handlers) {
        // Only a handler makes a party; then it may ask for something else.
        _ = SigactionTests.call(sigchld, Action(handler: 0x40_0000), old: false, caller)
        _ = SigactionTests.call(sigchld, Action(handler: handler), old: false, caller)
      }
    }

    private func child(of caller: UInt64) throws -> Int32 {
      Children.begin(caller: caller)
      var pid: pid_t = 0
      var words: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
      defer { free(words[0]) }
      try #require(posix_spawn(&pid, "/bin/true", nil, nil, &words, nil) == 0)
      Children.made(pid, caller: caller)
      return pid
    }

    @Test func eachGetsItsOwn() throws {
      try runtimes([0x40_0000, 0x40_0000])
      let first = try child(of: callers[0])
      let second = try child(of: callers[1])
      for (caller, own) in zip(callers, [first, second]) {
        let wait = ChildWaits.begin(-1, caller: caller)
        #expect(wait.chooses == 1 && wait.reaped == 0)
        var next: Int32 = 0
        while next == 0 { next = ChildWaits.next(wait, 4) }
        #expect(next == own)
        #expect(waitpid(own, nil, 0) == own)
        Children.gone(own)
        #expect(ChildWaits.next(wait, 4) == -ECHILD)
      }
    }

    @Test func aWaitForOneChildIsNobodyElsesBusiness() throws {
      try runtimes([0x40_0000, 0x40_0000])
      let pid = try child(of: callers[1])
      #expect(ChildWaits.begin(pid, caller: callers[0]).chooses == 0)
      #expect(waitpid(pid, nil, 0) == pid)
    }

    @Test func whoIgnoresLosesNobodysStatus() throws {
      try runtimes([1, 0x40_0000])
      _ = SigactionTests.call(sigchld, Action(handler: 0), old: false, callers[1])
      // Nobody has children yet: as alone.
      #expect(FakeKernel.shared.held(sigchld).handler == 1)
      let kept = try child(of: callers[1])
      #expect(FakeKernel.shared.held(sigchld) == SigactionModel.dispatcher)
      let ignored = try child(of: callers[0])
      while Children.parent(of: ignored) != nil { Children.reap() }
      #expect(waitpid(ignored, nil, WNOHANG) == -1 && errno == ECHILD)
      #expect(waitpid(kept, nil, 0) == kept)
      #expect(ChildWaits.begin(-1, caller: callers[0]).reaped == 1)
    }

    @Test func moreThanTheTableHolds() throws {
      try runtimes([0x40_0000, 0x40_0000])
      // Numbers that no process has: each is stale as soon as its place is wanted.
      let parent = Children.parent(callers[0])
      for pid in Int32(5_000_000)..<5_003_000 { Children.made(pid, caller: callers[0]) }
      #expect((Int32(5_002_900)..<5_003_000).allSatisfy { Children.parent(of: $0) == parent })
    }

    @Test func theChildOfForkHasNone() throws {
      try runtimes([0x40_0000, 0x40_0000])
      let pid = try child(of: callers[0])
      Children.forked()
      #expect(Children.parent(of: pid) == nil)
      #expect(waitpid(pid, nil, 0) == pid)
    }
  }
}
