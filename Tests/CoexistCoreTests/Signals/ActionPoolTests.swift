import Synchronization
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  @Suite struct ActionPoolTests {
    final class Owners: Sendable {
      let taken: [Atomic<Bool>.Box]
      let doubles = Atomic<Int>(0)

      init(_ count: Int) { taken = (0..<count).map { _ in Atomic<Bool>.Box() } }

      /// Marks `index` as taken; counts when it was already.
      func take(_ index: Int) {
        if taken[index].value.exchange(true, ordering: .relaxed) {
          doubles.wrappingAdd(1, ordering: .relaxed)
        }
      }

      func give(_ index: Int) { taken[index].value.store(false, ordering: .relaxed) }
    }

    @Test func everyRecordOnceAndNoMore() {
      CoreState.begin()
      var seen: Set<UInt16> = []
      while let index = ActionPool.take() { #expect(seen.insert(index).inserted) }
      #expect(seen == Set(1..<UInt16(COEXIST_ACTIONS_MAX)), "slot 0 means \"nothing asked for\"")
      for index in seen { ActionPool.give(index) }
      var again: Set<UInt16> = []
      while let index = ActionPool.take() { again.insert(index) }
      #expect(again == seen)
    }

    /// No record is given to two at once, also when it returns between a thread's looks (ABA).
    @Test func noDoubleGiveUnderThreads() {
      CoreState.begin()
      let owners = Owners(Int(COEXIST_ACTIONS_MAX))
      CoreState.onThreads(4) { _ in
        for step in 0..<20_000 {
          var mine: [UInt16] = []
          for _ in 0...(step % 3) {
            guard let index = ActionPool.take() else { continue }
            owners.take(Int(index))
            mine.append(index)
          }
          for index in mine {
            owners.give(Int(index))
            ActionPool.give(index)
          }
        }
      }
      #expect(owners.doubles.load(ordering: .relaxed) == 0)
      var free: Set<UInt16> = []
      while let index = ActionPool.take() { #expect(free.insert(index).inserted) }
      #expect(free.count == Int(COEXIST_ACTIONS_MAX) - 1, "none was lost")
    }
  }
}

extension Atomic where Value == Bool {
  /// An array can't hold an atomic itself.
  final class Box: Sendable { let value = Atomic<Bool>(false) }
}
