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
    guard let memory = takeRaw(size, align: align) else { return nil }
    memory.initializeMemory(as: UInt64.self, repeating: 0, count: Int((size &+ 7) / 8))
    return memory
  }

  /// With whatever the last one left there.
  @_noLocks @_noAllocation
  static func takeRaw(_ size: UInt64, align: UInt64 = 16) -> UnsafeMutableRawPointer? {
    let kind = sizeClass(size, align)
    return freeList(kind.index).pop() ?? fresh(kind)
  }

  @_noLocks @_noAllocation
  static func give(_ memory: UnsafeMutableRawPointer, _ size: UInt64, align: UInt64 = 16) {
    freeList(sizeClass(size, align).index).push(memory)
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
      freeList(kind.index).push(memory + Int(offset))
      offset &+= kind.bytes
    }
    return memory
  }

  @_noLocks @_noAllocation
  private static func freeList(_ index: UInt64) -> FreeList {
    FreeList(atomic(coexist_tls_pool(index)))
  }
}
