import CCoexist
import CCoexist.RCU
import Synchronization

/// Memory that no ELF object holds: JIT code, guard and polling pages, cages. A sorted, immutable
/// table, replaced as a whole and read under RCU.
enum Regions {
  private static let tables = UInt64(COEXIST_REGION_TABLES)
  private static let capacity = UInt64(COEXIST_REGIONS_MAX)

  /// The runtime whose region holds the address, `system` = none. Async-signal-safe.
  @_noLocks @_noAllocation
  static func owner(of address: UInt64) -> UInt32 {
    region(holding: address)?.runtime ?? Runtimes.system
  }

  @_noLocks @_noAllocation
  static func region(holding address: UInt64) -> coexist_region? {
    coexist_rcu_enter()
    let table = current()
    let index = firstEnding(after: address, in: table)
    var found: coexist_region? = nil
    if index < table.pointee.count {
      let region = coexist_region_at(table, index)!.pointee
      if region.low <= address { found = region }
    }
    coexist_rcu_leave()
    return found
  }

  @_noLocks @_noAllocation
  private static func current() -> UnsafeMutablePointer<coexist_region_table> {
    // Pairs with the releasing store in publish().
    let index = withUnsafeMutablePointer(to: &State.shared.pointee.region_table) {
      atomic($0).pointee.load(ordering: .acquiring)
    }
    return coexist_state_regions(State.shared, index)
  }

  /// Index of the first region that ends above the address.
  @_noLocks @_noAllocation
  private static func firstEnding(
    after address: UInt64, in table: UnsafeMutablePointer<coexist_region_table>
  ) -> UInt64 {
    var low: UInt64 = 0
    var high = min(table.pointee.count, capacity)
    while low < high {
      let middle = (low &+ high) / 2
      if coexist_region_at(table, middle)!.pointee.high <= address {
        low = middle &+ 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// Gives [low, high) to a runtime. Not for readers' hot path: may wait for a grace period.
  static func claim(_ new: coexist_region) {
    if isClaimed(new) { return }
    rewrite(new.low, new.high, adding: new)
  }

  static func release(_ low: UInt64, _ high: UInt64) {
    coexist_rcu_enter()
    let table = current()
    let index = firstEnding(after: low, in: table)
    let touches =
      index < table.pointee.count && coexist_region_at(table, index)!.pointee.low < high
    coexist_rcu_leave()
    if touches { rewrite(low, high, adding: nil) }
  }

  /// A runtime has gone: what it mapped has no owner any more.
  static func forget(_ runtime: UInt32) {
    for _ in 0..<capacity {
      guard let region = firstRegion(of: runtime) else { return }
      release(region.low, region.high)
    }
  }

  private static func firstRegion(of runtime: UInt32) -> coexist_region? {
    coexist_rcu_enter()
    defer { coexist_rcu_leave() }
    let table = current()
    for index in 0..<min(table.pointee.count, capacity) {
      let region = coexist_region_at(table, index)!.pointee
      if region.runtime == runtime { return region }
    }
    return nil
  }

  /// Code stays code when its pages are closed or opened for writing for a moment.
  private static func isClaimed(_ new: coexist_region) -> Bool {
    coexist_rcu_enter()
    defer { coexist_rcu_leave() }
    let table = current()
    let index = firstEnding(after: new.low, in: table)
    guard index < table.pointee.count else { return false }
    let region = coexist_region_at(table, index)!.pointee
    return region.low <= new.low && region.high >= new.high && region.runtime == new.runtime
      && (region.kind == new.kind || region.kind == COEXIST_REGION_CODE.rawValue)
  }

  /// A new table: the old one without [low, high), with `new` there, neighbours of one kind joined.
  private static func rewrite(_ low: UInt64, _ high: UInt64, adding new: coexist_region?) {
    let mask = SignalMask.blockAll()
    defer { SignalMask.restore(mask) }
    lock()
    defer { unlock() }
    let old = current()
    let index = withUnsafeMutablePointer(to: &State.shared.pointee.region_table) {
      atomic($0).pointee.load(ordering: .relaxed)
    }
    let next = (index &+ 1) % tables
    // A table is used again seven publications after its retirement: one grace period between is
    // enough, and it is not paid each time.
    if next % 4 == 0 {
      waitForReaders()
      #if COEXIST_POISON
        poison(except: index)
      #endif
    }
    let table = coexist_state_regions(State.shared, next)!
    guard RegionMerge.build(old, low, high, new, into: table) else {
      Warnings.add("W204", level: COEXIST_LOG_INFO) {
        $0.add("the region table is full; new memory is not attributed")
      }
      return
    }
    withUnsafeMutablePointer(to: &State.shared.pointee.region_table) {
      atomic($0).pointee.store(next, ordering: .releasing)
    }
    State.changed()
  }

  /// A reader that liburcu does not know may still be inside; it is for a few instructions.
  private static func waitForReaders() {
    while coexist_rcu_synchronize() == 0 { coexist_yield() }
  }

  #if COEXIST_POISON
    /// No reader has these any more; one that has finds owners that do not exist (tools/torture).
    private static func poison(except current: UInt64) {
      for index in 0..<tables where index != current {
        let table = coexist_state_regions(State.shared, index)!
        for place in 0..<capacity {
          coexist_region_at(table, place)!.pointee = coexist_region(
            low: 0, high: .max, runtime: .max, kind: .max)
        }
        table.pointee.count = capacity
      }
    }
  #endif

  private static func lock() {
    while !word(COEXIST_WORD_REGIONS_LOCK).pointee.compareExchange(
      expected: 0, desired: 1, ordering: .acquiring
    ).exchanged {
      coexist_yield()
    }
  }

  private static func unlock() {
    word(COEXIST_WORD_REGIONS_LOCK).pointee.store(0, ordering: .releasing)
  }

  /// In the child of fork, whose only thread holds no lock.
  static func forked() { unlock() }
}
