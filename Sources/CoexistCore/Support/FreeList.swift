import CCoexist
import Synchronization

/// A lock-free stack of equal blocks that are never given back to the system. Its head is an
/// address, with a counter against ABA in the 16 bits that no user address has.
struct FreeList {
  let head: UnsafeMutablePointer<Atomic<UInt64>>
  /// Where in a free block the next one's address stands.
  let link: Int

  private static let addressMask: UInt64 = 1 &<< 48 &- 1

  @_noLocks @_noAllocation
  init(_ head: UnsafeMutablePointer<Atomic<UInt64>>, link: Int = 0) {
    self.head = head
    self.link = link
  }

  @_noLocks @_noAllocation
  func pop() -> UnsafeMutableRawPointer? {
    var top = head.pointee.load(ordering: .acquiring)
    while let block = UnsafeMutableRawPointer(bitPattern: UInt(top & FreeList.addressMask)) {
      let next = block.load(fromByteOffset: link, as: UInt64.self)
      let result = head.pointee.compareExchange(
        expected: top, desired: tagged(next, after: top), ordering: .acquiringAndReleasing)
      if result.exchanged { return block }
      top = result.original
    }
    return nil
  }

  @_noLocks @_noAllocation
  func push(_ block: UnsafeMutableRawPointer) {
    var top = head.pointee.load(ordering: .acquiring)
    while true {
      block.storeBytes(of: top & FreeList.addressMask, toByteOffset: link, as: UInt64.self)
      let result = head.pointee.compareExchange(
        expected: top, desired: tagged(UInt64(UInt(bitPattern: block)), after: top),
        ordering: .acquiringAndReleasing)
      if result.exchanged { return }
      top = result.original
    }
  }

  @_noLocks @_noAllocation
  private func tagged(_ address: UInt64, after top: UInt64) -> UInt64 {
    address & FreeList.addressMask | (top &+ (1 &<< 48)) & ~FreeList.addressMask
  }
}
