import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

@Suite struct ProgressTests {
  struct Fault: Equatable {
    var hash, address, generation: UInt64
    var runtime: UInt32

    func isSamePlace(as other: Fault) -> Bool {
      hash == other.hash && address == other.address && generation == other.generation
    }
  }

  /// Runtimes with three returns in a row, since the history was last at another place.
  static func stuck(_ history: [Fault], at fault: Fault) -> UInt64 {
    let run = Array(history.reversed().prefix { $0.isSamePlace(as: fault) })
    var stuck: UInt64 = 0
    for index in run.indices.dropLast(2)
    where run[index...].prefix(3).allSatisfy({
      $0.runtime == run[index].runtime
    }) {
      stuck |= 1 << UInt64(run[index].runtime)
    }
    return stuck
  }

  /// Against a model that keeps the whole history.
  @Test func countsIdenticalFaultsInARow() {
    var random = Seeded()
    var last = coexist_last_fault()
    var history: [Fault] = []
    for _ in 0..<20_000 {
      let fault =
        random.chance(3, in: 4) && !history.isEmpty
        ? history.last!
        : Fault(
          hash: UInt64(random.below(2)), address: UInt64(random.below(2)),
          generation: UInt64(random.below(2)), runtime: UInt32(random.below(3)))
      let stuck = Progress.stuck(
        last, hash: fault.hash, address: fault.address, generation: fault.generation)
      #expect(stuck == Self.stuck(history, at: fault))
      if random.chance(1, in: 20) {
        last.count = 0  // a handler that changed something
        history = []
        continue
      }
      Progress.remember(
        &last, hash: fault.hash, address: fault.address, generation: fault.generation,
        runtime: fault.runtime)
      history.append(fault)
    }
  }

  /// Every register that a program computes with counts, and no other word of the context.
  @Test func theHashIsOfTheComparedRegisters() {
    var random = Seeded()
    for _ in 0..<100 {
      let words = (0..<Int(COEXIST_REGISTERS)).map { _ in random.next() }
      for index in words.indices {
        var changed = words
        changed[index] ^= 1 << UInt64(random.below(64))
        #expect((hash(changed) != hash(words)) == (index < Int(COEXIST_REGISTERS_COMPARED)))
      }
    }
  }

  private func hash(_ words: [UInt64]) -> UInt64 {
    words.withUnsafeBytes { bytes in
      Progress.hash(bytes.baseAddress!.assumingMemoryBound(to: coexist_registers.self))
    }
  }
}
