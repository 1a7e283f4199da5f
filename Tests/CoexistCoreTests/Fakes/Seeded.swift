import Foundation

/// Random numbers that a failing run can be repeated with: COEXIST_TEST_SEED=N swift test …
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ test: String = #function) {
    let given = ProcessInfo.processInfo.environment["COEXIST_TEST_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 0..<1_000_000_000)
    print("seed of \(test): \(seed)")
    state = seed
  }

  /// SplitMix64 (Steele, Lea, Flood 2014).
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func chance(_ one: Int, in all: Int) -> Bool {
    Int.random(in: 0..<all, using: &self) < one
  }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

  /// A random subset of bits, of any density.
  mutating func bits() -> UInt64 {
    switch below(4) {
    case 0: next() & next() & next()
    case 1: 1 << UInt64(below(64))
    default: next()
    }
  }
}
