import CCoexist
import Synchronization

/// Memory of which any word may point to an object (`coexist_region`).
extension Pins {
  private typealias Region = UnsafeMutablePointer<coexist_pin_region>

  @_noLocks @_noAllocation
  static func addRegion(_ low: UInt64, _ size: UInt64) -> Int32 {
    guard low > 1, size >= 8, low &+ size > low else { return invalid }
    guard let first = regions(making: true) else { return noMemory }
    for index in 0..<Int(COEXIST_PIN_REGIONS) {
      let region = first + index
      let isFree = lowOf(region).pointee.compareExchange(
        expected: 0, desired: 1, ordering: .acquiringAndReleasing
      ).exchanged
      guard isFree else { continue }
      region.pointee.size = size
      lowOf(region).pointee.store(low, ordering: .releasing)
      return 0
    }
    return noMemory
  }

  @_noLocks @_noAllocation
  static func removeRegion(_ low: UInt64) -> Int32 {
    guard low > 1, let first = regions(making: false) else { return invalid }
    for index in 0..<Int(COEXIST_PIN_REGIONS) {
      let isIt = lowOf(first + index).pointee.compareExchange(
        expected: low, desired: 0, ordering: .acquiringAndReleasing
      ).exchanged
      if isIt { return 0 }
    }
    return invalid
  }

  @_noLocks @_noAllocation
  private static func regions(making: Bool) -> Region? {
    Region(
      bitPattern: UInt(
        memory(COEXIST_PINS_REGIONS, UInt64(COEXIST_PIN_REGIONS) &* 16, making)))
  }

  @_noLocks @_noAllocation
  private static func lowOf(_ region: Region) -> UnsafeMutablePointer<Atomic<UInt64>> {
    UnsafeMutableRawPointer(region).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  /// Everything that is pinned.
  static func push(_ push: coexist_push) {
    eachRange(push)
    guard let first = regions(making: false) else { return }
    for index in 0..<Int(COEXIST_PIN_REGIONS) {
      let low = lowOf(first + index).pointee.load(ordering: .acquiring)
      if low > 1 { coexist_roots_resident(low, low &+ first[index].size, push) }
    }
  }
}
