import CCoexist
import Synchronization

/// Memory for blocks, contexts and their lists, by size class; never given back to the system, so a
/// stale pointer reads old data and does not fault. Lock-free: a handler may be the one that asks.
enum Pool {
  private static let step: UInt64 = 32
  private static let small: UInt64 = 1024
  private static let slab: UInt64 = 65_536

  /// Zeroed memory; alignments up to a page.
  @_noLocks @_noAllocation
  static func take(_ size: UInt64, align: UInt64 = 16) -> UnsafeMutableRawPointer? {
    let kind = sizeClass(size, align)
    guard let memory = pop(kind.index) ?? fresh(kind) else { return nil }
    memory.initializeMemory(as: UInt64.self, repeating: 0, count: Int(kind.bytes / 8))
    return memory
  }

  @_noLocks @_noAllocation
  static func give(_ memory: UnsafeMutableRawPointer, _ size: UInt64, align: UInt64 = 16) {
    push(memory, sizeClass(size, align).index)
  }

  /// Steps of 32 bytes up to 1 KiB, then powers of two, which also serve large alignments.
  @_noLocks @_noAllocation
  private static func sizeClass(_ size: UInt64, _ align: UInt64) -> (index: UInt64, bytes: UInt64) {
    if size <= small, align <= step {
      let index = max(1, (size &+ step &- 1) / step)
      return (index, index &* step)
    }
    var log: UInt64 = 6
    while 1 &<< log < max(size, align) { log &+= 1 }
    return (27 &+ log, 1 &<< log)
  }

  @_noLocks @_noAllocation
  private static func fresh(_ kind: (index: UInt64, bytes: UInt64)) -> UnsafeMutableRawPointer? {
    let size = max(slab, kind.bytes)
    guard let memory = coexist_tls_map(size) else { return nil }
    var offset = kind.bytes
    while offset &+ kind.bytes <= size {
      push(memory + Int(offset), kind.index)
      offset &+= kind.bytes
    }
    return memory
  }

  // A free list's head is an address with a counter against ABA in its upper 16 bits.
  private static let addressMask: UInt64 = 1 &<< 48 &- 1

  @_noLocks @_noAllocation
  private static func pop(_ index: UInt64) -> UnsafeMutableRawPointer? {
    let head = atomic(coexist_tls_pool(index))
    var top = head.pointee.load(ordering: .acquiring)
    while let memory = UnsafeMutableRawPointer(bitPattern: UInt(top & addressMask)) {
      let next = memory.load(as: UInt64.self)
      let result = head.pointee.compareExchange(
        expected: top, desired: tagged(next, after: top), ordering: .acquiringAndReleasing)
      if result.exchanged { return memory }
      top = result.original
    }
    return nil
  }

  @_noLocks @_noAllocation
  private static func push(_ memory: UnsafeMutableRawPointer, _ index: UInt64) {
    let head = atomic(coexist_tls_pool(index))
    var top = head.pointee.load(ordering: .acquiring)
    while true {
      memory.storeBytes(of: top & addressMask, as: UInt64.self)
      let result = head.pointee.compareExchange(
        expected: top, desired: tagged(UInt64(UInt(bitPattern: memory)), after: top),
        ordering: .acquiringAndReleasing)
      if result.exchanged { return }
      top = result.original
    }
  }

  @_noLocks @_noAllocation
  private static func tagged(_ address: UInt64, after top: UInt64) -> UInt64 {
    address & addressMask | (top &+ (1 &<< 48)) & ~addressMask
  }
}
