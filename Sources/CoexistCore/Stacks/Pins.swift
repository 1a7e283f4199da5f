import CCoexist
import Synchronization

/// Objects and memory that somebody says are in use (`coexist.h`). A pin is one word. A thread's
/// first ones lie in words that nobody else fills, so that threads do not share a cache line; the
/// others in a table, where the object's address says where to look.
enum Pins {
  typealias Word = UnsafeMutablePointer<UInt64>
  private static let own = UInt64(COEXIST_PINS_OWN)
  private static let ownSize = own &* 8, allOwn = own &* 8 &* UInt64(COEXIST_PINS_THREADS)
  private static let slabSize = UInt64(COEXIST_PINS_SLAB) &* 8
  static let size = allOwn &+ slabSize &* UInt64(COEXIST_PINS_SLABS)
  private static let ownProbes: UInt32 = 4, probes: UInt64 = 32
  static let invalid: Int32 = 22, noMemory: Int32 = 12  // EINVAL, ENOMEM

  /// The word that holds it; 0 = none.
  @_noLocks @_noAllocation
  static func add(_ object: UInt64) -> UInt64 {
    guard object != 0 else { return 0 }
    guard let thread = Threads.current(), hasOwn(thread) else { return addShared(object) }
    var step: UInt32 = 0
    while step < ownProbes {
      let index = (thread.pointee.pins_next &+ step) & (UInt32(COEXIST_PINS_OWN) &- 1)
      let place = thread.pointee.pins &+ UInt64(index) &* 8
      step &+= 1
      guard let word = Word(bitPattern: UInt(place)), word.pointee == 0 else { continue }
      forgetMove(of: place)
      if coexist_exchange_own(word, 0, object) != 0 {
        thread.pointee.pins_next = index &+ 1
        return place
      }
    }
    return addShared(object)
  }

  @_noLocks @_noAllocation
  private static func addShared(_ object: UInt64) -> UInt64 {
    let first = words(making: true)
    guard first != 0 else { return 0 }
    let home = (object &>> 4) &* 0x9E37_79B9_7F4A_7C15 &>> 40
    var slab: UInt64 = 0
    while slab < UInt64(COEXIST_PINS_SLABS) {
      let start = first &+ allOwn &+ slab &* slabSize
      slab &+= 1
      use(slab)
      var step: UInt64 = 0
      while step < probes {
        let place = start &+ ((home &+ step) & (UInt64(COEXIST_PINS_SLAB) &- 1)) &* 8
        step &+= 1
        guard let word = Word(bitPattern: UInt(place)), word.pointee == 0 else { continue }
        forgetMove(of: place)
        let isFree = atomic(word).pointee.compareExchange(
          expected: 0, desired: object, ordering: .acquiringAndReleasing
        ).exchanged
        if isFree { return place }
      }
    }
    return 0
  }

  @_noLocks @_noAllocation
  static func remove(_ place: UInt64, _ object: UInt64) -> Int32 {
    guard object != 0, place & 7 == 0, let word = Word(bitPattern: UInt(place)) else {
      return invalid
    }
    if let thread = Threads.current(), thread.pointee.pins != 0,
      place &- thread.pointee.pins < ownSize
    {
      guard coexist_exchange_own(word, object, 0) != 0 else { return invalid }
      thread.pointee.pins_next = UInt32(truncatingIfNeeded: (place &- thread.pointee.pins) &>> 3)
      return 0
    }
    let first = words(making: false)
    guard first != 0, place &- first < size else { return invalid }
    let isHeld = atomic(word).pointee.compareExchange(
      expected: object, desired: 0, ordering: .acquiringAndReleasing
    ).exchanged
    return isHeld ? 0 : invalid
  }

  // MARK: Where they lie

  @_noLocks @_noAllocation @inline(__always)
  private static func hasOwn(_ thread: UnsafeMutablePointer<coexist_thread>) -> Bool {
    thread.pointee.pins != 0 || giveOwn(to: thread)
  }

  /// They stay with the record: what an ended thread has pinned is still pinned.
  @_noLocks @_noAllocation
  private static func giveOwn(to thread: UnsafeMutablePointer<coexist_thread>) -> Bool {
    let first = words(making: true)
    let owners = at(COEXIST_PINS_OWNERS)
    guard first != 0, owners.pointee.load(ordering: .relaxed) < UInt64(COEXIST_PINS_THREADS) else {
      return false
    }
    let index = owners.pointee.wrappingAdd(1, ordering: .relaxed).oldValue
    guard index < UInt64(COEXIST_PINS_THREADS) else { return false }
    // A handler of this thread's may have been faster; then these stay empty.
    withUnsafeMutablePointer(to: &thread.pointee.pins) {
      _ = coexist_exchange_own($0, 0, first &+ index &* ownSize)
    }
    return true
  }

  @_noLocks @_noAllocation
  private static func use(_ slabs: UInt64) {
    let used = at(COEXIST_PINS_USED)
    var before = used.pointee.load(ordering: .relaxed)
    while before < slabs {
      let result = used.pointee.compareExchange(
        expected: before, desired: slabs, ordering: .relaxed)
      if result.exchanged { return }
      before = result.original
    }
  }

  @_noLocks @_noAllocation @inline(__always)
  static func at(_ which: coexist_pins_word) -> UnsafeMutablePointer<Atomic<UInt64>> {
    atomic(coexist_pins_at(which))
  }

  @_noLocks @_noAllocation
  static func words(making: Bool) -> UInt64 { memory(COEXIST_PINS_AT, size, making) }

  /// Made at the first use; never given back. 0 = there is none.
  @_noLocks @_noAllocation
  static func memory(
    _ which: coexist_pins_word, _ size: UInt64, _ making: Bool
  ) -> UInt64 {
    let known = at(which).pointee.load(ordering: .acquiring)
    guard known == 0, making, let made = coexist_tls_map(size) else { return known }
    let result = at(which).pointee.compareExchange(
      expected: 0, desired: UInt64(UInt(bitPattern: made)), ordering: .acquiringAndReleasing)
    if result.exchanged { return UInt64(UInt(bitPattern: made)) }
    _ = coexist_syscall4(11, Int(bitPattern: made), Int(size), 0, 0)  // munmap
    return result.original
  }

  // MARK: For collectors

  /// Hands on the words of all pins.
  static func eachRange(_ push: coexist_push) {
    let first = words(making: false)
    guard first != 0 else { return }
    let owners = min(
      at(COEXIST_PINS_OWNERS).pointee.load(ordering: .acquiring), UInt64(COEXIST_PINS_THREADS))
    let slabs = at(COEXIST_PINS_USED).pointee.load(ordering: .acquiring)
    let shared = first &+ allOwn
    coexist_roots_resident(first, first &+ owners &* ownSize, push)
    coexist_roots_resident(shared, shared &+ slabs &* slabSize, push)
  }
}
