import CCoexist
import Synchronization

/// A handler that returns and changes nothing has either mended the cause elsewhere (a write
/// barrier opens the page, a safepoint waits) or has not handled it: then the same instruction
/// faults again with the same registers, and nobody touched a page meanwhile.
enum Progress {
  /// This many identical faults in a row, and the handler counts as having declined.
  static let limit: UInt32 = 3

  /// The runtimes that have returned from this very fault `limit` times, one bit each.
  @_noLocks @_noAllocation
  static func stuck(
    _ last: coexist_last_fault, hash: UInt64, address: UInt64, generation: UInt64
  ) -> UInt64 {
    isSame(last, hash: hash, address: address, generation: generation) ? last.stuck : 0
  }

  @_noLocks @_noAllocation
  private static func isSame(
    _ last: coexist_last_fault, hash: UInt64, address: UInt64, generation: UInt64
  ) -> Bool {
    last.count > 0 && last.hash == hash && last.address == address
      && last.generation == generation
  }

  /// Remembers a return without a visible change.
  @_noLocks @_noAllocation
  static func remember(
    _ last: inout coexist_last_fault, hash: UInt64, address: UInt64, generation: UInt64,
    runtime: UInt32
  ) {
    let isSame = isSame(last, hash: hash, address: address, generation: generation)
    let count = isSame && last.runtime == runtime ? last.count &+ 1 : 1
    let stuck = (isSame ? last.stuck : 0) | (count >= limit ? bit(runtime) : 0)
    last = coexist_last_fault(
      hash: hash, address: address, generation: generation, stuck: stuck, runtime: runtime,
      count: count)
  }

  static var generation: UInt64 {
    @_noLocks @_noAllocation get {
      word(COEXIST_WORD_PROTECTIONS).pointee.load(ordering: .relaxed)
    }
  }

  /// FNV-1a over the registers that a program computes with.
  @_noLocks @_noAllocation
  static func hash(_ registers: UnsafePointer<coexist_registers>) -> UInt64 {
    let words = UnsafeRawPointer(registers).assumingMemoryBound(to: UInt64.self)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in 0..<Int(COEXIST_REGISTERS_COMPARED) {
      hash = (hash ^ words[index]) &* 0x100_0000_01B3
    }
    return hash
  }
}
