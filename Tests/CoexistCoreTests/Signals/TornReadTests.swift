import Synchronization
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  /// A handler on one thread reads an action while its owner changes it on another: it must see one
  /// of the actions that were asked for, never half of two.
  @Suite struct TornReadTests {
    /// Every field tells which request it belongs to.
    static func action(_ number: UInt64) -> Action {
      Action(handler: 0x1000 + number, flags: number, mask: number, restorer: number)
    }

    @Test func anActionIsReadWhole() {
      CoreState.begin()
      let torn = Atomic<Int>(0), done = Atomic<Bool>(false)
      let runtime = Runtimes.app
      _ = Requests.put(Self.action(1).words, 11, runtime)
      CoreState.onThreads(3) { index in
        if index == 0 {
          for number in UInt64(2)..<300_000 {
            _ = Requests.put(Self.action(number).words, 11, runtime)
          }
          done.store(true, ordering: .releasing)
          return
        }
        while !done.load(ordering: .acquiring) {
          guard let read = Requests.action(11, runtime) else { continue }
          if Action(read) != Self.action(read.flags) { torn.wrappingAdd(1, ordering: .relaxed) }
        }
      }
      #expect(torn.load(ordering: .relaxed) == 0)
    }
  }
}
