import CCoexist
import Synchronization

/// Pinned objects of a collector that moves them. The pin's own word stays as it is, so that
/// everybody may take it away at any time; two more are the collector's, which may keep marks of
/// its own there while it works (OCaml's compaction chains them).
extension Pins {
  /// The two words of a pin: what it held when they were filled, and where that object is now.
  @_noLocks @_noAllocation @inline(__always)
  private static func beside(_ place: UInt64) -> Word? {
    let moved = at(COEXIST_PINS_MOVED).pointee.load(ordering: .acquiring)
    guard moved != 0 else { return nil }
    return Word(bitPattern: UInt(moved &+ (place &- words(making: false)) &* 2))
  }

  /// A new pin comes into this place: an older one may have had an object at the same address.
  @_noLocks @_noAllocation @inline(__always)
  static func forgetMove(of place: UInt64) {
    if let beside = beside(place) { beside.pointee = 0 }
  }

  /// Where the object is now. The caller holds what keeps the collector from running.
  @_noLocks @_noAllocation
  static func now(_ place: UInt64, _ object: UInt64) -> UInt64 {
    let first = words(making: false)
    guard place & 7 == 0, first != 0, place &- first < size, let beside = beside(place),
      beside.pointee == object
    else { return object }
    return beside[1]
  }

  /// In the collector: hands on the place of each pinned object that `isTheirs`.
  static func eachPlace(
    _ low: UInt64, _ high: UInt64, _ isTheirs: (UInt64) -> Bool, _ visit: (Word) -> Void
  ) {
    guard memory(COEXIST_PINS_MOVED, size &* 2, true) != 0 else { return }
    var place = low
    while place < high {
      let held = Word(bitPattern: UInt(place))!.pointee
      if held != 0, let beside = beside(place) {
        if beside.pointee != held {
          beside[1] = held
          beside.pointee = held
        }
        if isTheirs(beside[1]) { visit(beside + 1) }
      }
      place &+= 8
    }
  }
}
