import CCoexist
import Synchronization

/// Objects and memory that somebody says are in use (`coexist.h`). A pin is one word in a table;
/// the object's address says where to look for a free one, so that threads do not meet.
enum Pins {
  private static let probes: UInt64 = 32
  private static let invalid: Int32 = 22, noMemory: Int32 = 12

  /// The word that holds it; 0 = none.
  @_noLocks @_noAllocation
  static func add(_ object: UInt64) -> UInt64 {
    guard object != 0 else { return 0 }
    let home = (object &>> 4) &* 0x9E37_79B9_7F4A_7C15 &>> 40
    for index in 0..<UInt64(COEXIST_PINS_SLABS) {
      guard let slab = slab(index) else { return 0 }
      var step: UInt64 = 0
      while step < probes {
        let place = slab + Int((home &+ step) & (UInt64(COEXIST_PINS_SLAB) &- 1))
        step &+= 1
        let isFree = atomic(place).pointee.compareExchange(
          expected: 0, desired: object, ordering: .acquiringAndReleasing
        ).exchanged
        if isFree { return UInt64(UInt(bitPattern: place)) }
      }
    }
    return 0
  }

  @_noLocks @_noAllocation
  static func remove(_ place: UInt64, _ object: UInt64) -> Int32 {
    guard object != 0, isPlace(place),
      let word = UnsafeMutablePointer<UInt64>(bitPattern: UInt(place))
    else { return invalid }
    let isHeld = atomic(word).pointee.compareExchange(
      expected: object, desired: 0, ordering: .acquiringAndReleasing
    ).exchanged
    return isHeld ? 0 : invalid
  }

  @_noLocks @_noAllocation
  private static func isPlace(_ place: UInt64) -> Bool {
    guard place & 7 == 0 else { return false }
    for index in 0..<UInt64(COEXIST_PINS_SLABS) {
      let slab = atomic(coexist_pins_at(index)).pointee.load(ordering: .acquiring)
      if slab == 0 { return false }
      if place &- slab < UInt64(COEXIST_PINS_SLAB) &* 8 { return true }
    }
    return false
  }

  @_noLocks @_noAllocation
  private static func slab(_ index: UInt64) -> UnsafeMutablePointer<UInt64>? {
    memory(atomic(coexist_pins_at(index)), UInt64(COEXIST_PINS_SLAB) &* 8)
  }

  /// Made at the first use; never given back.
  @_noLocks @_noAllocation
  private static func memory(
    _ word: UnsafeMutablePointer<Atomic<UInt64>>, _ size: UInt64
  ) -> UnsafeMutablePointer<UInt64>? {
    var address = word.pointee.load(ordering: .acquiring)
    if address == 0 {
      guard let made = coexist_tls_map(size) else { return nil }
      let result = word.pointee.compareExchange(
        expected: 0, desired: UInt64(UInt(bitPattern: made)), ordering: .acquiringAndReleasing)
      if result.exchanged { return made.assumingMemoryBound(to: UInt64.self) }
      _ = coexist_syscall4(11, Int(bitPattern: made), Int(size), 0, 0)  // munmap
      address = result.original
    }
    return UnsafeMutablePointer(bitPattern: UInt(address))
  }

  // MARK: Regions

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
    let word = atomic(coexist_pin_regions())
    let size = UInt64(COEXIST_PIN_REGIONS) &* 16
    if !making, word.pointee.load(ordering: .acquiring) == 0 { return nil }
    guard let memory = memory(word, size) else { return nil }
    return UnsafeMutableRawPointer(memory).assumingMemoryBound(to: coexist_pin_region.self)
  }

  @_noLocks @_noAllocation
  private static func lowOf(_ region: Region) -> UnsafeMutablePointer<Atomic<UInt64>> {
    UnsafeMutableRawPointer(region).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  // MARK: For collectors

  static func push(_ push: coexist_push) {
    for index in 0..<UInt64(COEXIST_PINS_SLABS) {
      let slab = atomic(coexist_pins_at(index)).pointee.load(ordering: .acquiring)
      if slab == 0 { break }
      coexist_roots_resident(slab, slab &+ UInt64(COEXIST_PINS_SLAB) &* 8, push)
    }
    guard let first = regions(making: false) else { return }
    for index in 0..<Int(COEXIST_PIN_REGIONS) {
      let low = lowOf(first + index).pointee.load(ordering: .acquiring)
      if low > 1 { coexist_roots_resident(low, low &+ first[index].size, push) }
    }
  }
}
