import CCoexist
import Synchronization

typealias ContextPointer = UnsafeMutablePointer<coexist_context>

/// Stack pointer → the context whose stack it is: three levels over the pages of the address
/// space. Wait-free to read; as fast for 100 000 stacks as for one.
enum StackMap {
  private static let pageBits: UInt64 = 12
  private static let fanBits: UInt64 = 12
  private static let fan: UInt64 = 1 &<< fanBits

  /// Async-signal-safe.
  @_noLocks @_noAllocation
  static func find(_ sp: UInt64) -> ContextPointer? {
    let page = sp &>> pageBits
    guard let context = at(page) else { return nil }
    if sp < context.pointee.high { return sp >= context.pointee.low ? context : nil }
    // Two stacks share the page: it is the lower one's top, and the upper one's last resort.
    guard let above = at(page &+ 1) else { return nil }
    return sp >= above.pointee.low && sp < above.pointee.high ? above : nil
  }

  @_noLocks @_noAllocation
  static func insert(_ context: ContextPointer) {
    let low = context.pointee.low, high = context.pointee.high
    var page = low &>> pageBits
    let last = (high &- 1) &>> pageBits
    let startsInside = low & (1 &<< pageBits &- 1) != 0
    if startsInside, page != last, at(page) != nil { page &+= 1 }
    let value = UInt64(UInt(bitPattern: context))
    while page <= last {
      if let slot = slot(page, making: true) { slot.pointee.store(value, ordering: .releasing) }
      page &+= 1
    }
  }

  @_noLocks @_noAllocation
  static func remove(_ context: ContextPointer) {
    var page = context.pointee.low &>> pageBits
    let last = (context.pointee.high &- 1) &>> pageBits
    let value = UInt64(UInt(bitPattern: context))
    while page <= last {
      if let slot = slot(page, making: false) {
        _ = slot.pointee.compareExchange(
          expected: value, desired: 0, ordering: .acquiringAndReleasing)
      }
      page &+= 1
    }
  }

  /// Calls `body` for the contexts whose stacks touch [low, high); it may remove them.
  static func forEach(in low: UInt64, _ high: UInt64, _ body: (ContextPointer) -> Void) {
    var page = low &>> pageBits
    let last = (high &- 1) &>> pageBits
    while page <= last {
      guard let slot = slot(page, making: false) else {
        // No stack in these 64 GiB, or 16 MiB.
        let isEmpty = root(page).pointee.load(ordering: .acquiring) == 0
        page = (page | ((isEmpty ? fan &* fan : fan) &- 1)) &+ 1
        continue
      }
      let value = slot.pointee.load(ordering: .acquiring)
      if let context = ContextPointer(bitPattern: UInt(value)), context.pointee.low < high,
        context.pointee.high > low
      {
        body(context)
      }
      page &+= 1
    }
  }

  @_noLocks @_noAllocation
  private static func at(_ page: UInt64) -> ContextPointer? {
    guard let slot = slot(page, making: false) else { return nil }
    return ContextPointer(bitPattern: UInt(slot.pointee.load(ordering: .acquiring)))
  }

  @_noLocks @_noAllocation
  private static func slot(
    _ page: UInt64, making: Bool
  ) -> UnsafeMutablePointer<Atomic<UInt64>>? {
    guard let middle = table(root(page), making),
      let leaf = table(entry(middle, page &>> fanBits), making)
    else { return nil }
    return entry(leaf, page)
  }

  @_noLocks @_noAllocation
  private static func root(_ page: UInt64) -> UnsafeMutablePointer<Atomic<UInt64>> {
    atomic(coexist_tls_stack_root(page &>> (2 &* fanBits)))
  }

  @_noLocks @_noAllocation
  private static func entry(
    _ table: UnsafeMutablePointer<UInt64>, _ index: UInt64
  ) -> UnsafeMutablePointer<Atomic<UInt64>> { atomic(table + Int(index & (fan &- 1))) }

  /// The table of the next level below a word; made if asked for.
  @_noLocks @_noAllocation
  private static func table(
    _ word: UnsafeMutablePointer<Atomic<UInt64>>, _ making: Bool
  ) -> UnsafeMutablePointer<UInt64>? {
    var next = word.pointee.load(ordering: .acquiring)
    if next == 0 {
      guard making, let memory = coexist_tls_map(fan &* 8) else { return nil }
      let made = UInt64(UInt(bitPattern: memory))
      let result = word.pointee.compareExchange(
        expected: 0, desired: made, ordering: .acquiringAndReleasing)
      next = result.exchanged ? made : result.original  // the loser's 32 KiB stay unused
    }
    return UnsafeMutablePointer(bitPattern: UInt(next))
  }
}
