import CCoexist
import Synchronization

/// What mmap, mprotect and munmap tell about who owns which address.
enum Memory {
  private static let writable: Int32 = 2
  private static let executable: Int32 = 4

  static func mapped(_ low: UInt64, _ size: UInt64, _ protection: Int32, _ caller: UInt64) {
    changed()
    if protection & executable != 0 {
      claim(low, size, COEXIST_REGION_CODE, caller)
    } else if protection == 0 {
      claim(low, size, COEXIST_REGION_DATA, caller)
    }
  }

  static func protected(_ low: UInt64, _ size: UInt64, _ protection: Int32, _ caller: UInt64) {
    changed()
    if guardsOwnStack(low, low &+ size, protection) { return }
    if protection & executable != 0 {
      claim(low, size, COEXIST_REGION_CODE, caller)
    } else if protection & writable == 0 {
      claim(low, size, COEXIST_REGION_DATA, caller)
    }
  }

  static func unmapped(_ low: UInt64, _ size: UInt64) {
    changed()
    Regions.release(low, low &+ roundedToPage(size))
  }

  /// mremap: the pages keep their owner.
  static func moved(_ low: UInt64, _ size: UInt64, _ newLow: UInt64, _ newSize: UInt64) {
    changed()
    let region = Regions.region(holding: low)
    Regions.release(low, low &+ roundedToPage(size))
    Regions.release(newLow, newLow &+ roundedToPage(newSize))
    guard var region else { return }
    region.low = newLow
    region.high = newLow &+ roundedToPage(newSize)
    Regions.claim(region)
  }

  /// Tells `Progress` that a handler, or another thread, did something about a page.
  private static func changed() {
    word(COEXIST_WORD_PROTECTIONS).pointee.wrappingAdd(1, ordering: .relaxed)
  }

  private static func roundedToPage(_ size: UInt64) -> UInt64 { (size &+ 4095) & ~4095 }

  private static func claim(
    _ low: UInt64, _ size: UInt64, _ kind: coexist_region_kind, _ caller: UInt64
  ) {
    // Pages of an ELF object (the loader's relro, a patched text) are the object's already.
    if coexist_object_at(low).map != 0 { return }
    let owner = Ownership.party(caller)
    guard owner >= Runtimes.first else { return }
    // Here, because liburcu itself maps memory while it registers.
    coexist_rcu_register()
    Regions.claim(
      coexist_region(
        low: low, high: low &+ roundedToPage(size), runtime: owner, kind: kind.rawValue))
  }

  /// A runtime that closes pages at the end of its own stack moves where a frame may lie; one that
  /// opens them again moves it back. Neither changes who owns what.
  private static func guardsOwnStack(_ low: UInt64, _ high: UInt64, _ protection: Int32) -> Bool {
    guard let thread = coexist_thread_self(), thread.pointee.stack_low != 0,
      low >= thread.pointee.stack_low &- (1 &<< 20), high <= thread.pointee.stack_high
    else { return false }
    coexist_rcu_register()
    let (closedLow, closedHigh) = Guard.pages(of: thread)
    if protection == 0 {
      let isFirst = closedHigh == 0
      Guard.set(isFirst ? low : min(closedLow, low), isFirst ? high : max(closedHigh, high), thread)
    } else if high >= closedHigh {
      let left = min(closedHigh, low)
      Guard.set(left > closedLow ? closedLow : 0, left > closedLow ? left : 0, thread)
    }
    return true
  }
}
