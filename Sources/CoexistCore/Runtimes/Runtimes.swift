import CCoexist
import Synchronization

/// The runtimes of this process, numbered in order of appearance (`coexist_runtime` in `state.h`).
enum Runtimes {
  static let first = UInt32(COEXIST_RUNTIME_FIRST)
  static let app = UInt32(COEXIST_RUNTIME_APP)
  static let system = UInt32(COEXIST_RUNTIME_SYSTEM)

  static func start() {
    name(system, "system", base: 0)
    name(app, "app", base: 0)
    withUnsafeMutablePointer(to: &State.shared.pointee.runtimes_count) {
      atomic($0).pointee.store(UInt64(first), ordering: .releasing)
    }
  }

  private static func name(_ number: UInt32, _ text: StaticString, base: UInt64) {
    let slot = State.runtime(number)
    fill(&slot.pointee.name) { $0.add(text) }
    slot.pointee.catalogue = UInt16(COEXIST_CATALOGUE_NONE)
    slot.pointee.since_ns = coexist_clock_ns(0)
    slot.pointee.instance = 1
    slot.pointee.present = 1
  }

  static var count: UInt32 {
    @_noLocks @_noAllocation get {
      withUnsafeMutablePointer(to: &State.shared.pointee.runtimes_count) {
        UInt32(truncatingIfNeeded: atomic($0).pointee.load(ordering: .acquiring))
      }
    }
  }

  /// One bit each.
  static var all: UInt64 {
    @_noLocks @_noAllocation get { count >= 64 ? .max : bit(count) &- 1 }
  }

  /// A new number for the object, or `app` when all are given away. Async-signal-safe.
  @_noLocks @_noAllocation
  static func add(catalogue: UInt32?, library: UnsafePointer<CChar>, base: UInt64) -> UInt32 {
    guard let number = freeNumber() else {
      warnFull(library)
      return app
    }
    let slot = State.runtime(number)
    slot.pointee.instance = instances(of: catalogue) &+ 1
    slot.pointee.catalogue = UInt16(catalogue ?? UInt32(COEXIST_CATALOGUE_NONE))
    slot.pointee.base = base
    slot.pointee.since_ns = coexist_clock_ns(0)
    slot.pointee.claimed = 0
    slot.pointee.declined = 0
    slot.pointee.traits = 0
    if let catalogue, let entry = coexist_catalogue_at(catalogue) {
      slot.pointee.traits = coexist_catalogue_traits(entry)
    }
    fill(&slot.pointee.library) { $0.add(name: library) }
    fill(&slot.pointee.name) { text in
      if let catalogue, let entry = coexist_catalogue_at(catalogue) {
        text.add(name: entry.pointee.name)
      } else {
        text.add(name: library)
      }
      if slot.pointee.instance > 1, catalogue != nil {
        text.add("#")
        text.add(decimal: Int64(slot.pointee.instance))
      }
    }
    withUnsafeMutablePointer(to: &slot.pointee.present) {
      atomic($0).pointee.store(1, ordering: .releasing)
    }
    if Catalogue.has(number, COEXIST_SMALL_STACKS) {
      _ = word(COEXIST_WORD_SMALL_STACKS).pointee.bitwiseOr(bit(number), ordering: .releasing)
    }
    State.changed()
    return number
  }

  /// A number that a closed library has left, else a new one. `present` is 2 while it is filled in.
  @_noLocks @_noAllocation
  private static func freeNumber() -> UInt32? {
    for number in first..<max(count, first) where take(number) { return number }
    while true {
      let next = count
      guard next < UInt32(COEXIST_RUNTIMES_MAX) else { return nil }
      let isOurs = withUnsafeMutablePointer(to: &State.shared.pointee.runtimes_count) {
        atomic($0).pointee.compareExchange(
          expected: UInt64(next), desired: UInt64(next) &+ 1, ordering: .acquiringAndReleasing
        ).exchanged
      }
      if isOurs, take(next) { return next }
    }
  }

  @_noLocks @_noAllocation
  private static func take(_ number: UInt32) -> Bool {
    withUnsafeMutablePointer(to: &State.runtime(number).pointee.present) {
      atomic($0).pointee.compareExchange(
        expected: 0, desired: 2, ordering: .acquiringAndReleasing
      ).exchanged
    }
  }

  @_noLocks @_noAllocation
  private static func warnFull(_ library: UnsafePointer<CChar>) {
    guard word(COEXIST_WORD_WARNED_FULL).pointee.exchange(1, ordering: .relaxed) == 0 else {
      return
    }
    Warnings.add("W203", level: COEXIST_LOG_WARN) {
      $0.add("more than 62 runtimes; ")
      $0.add(name: library)
      $0.add(" and later ones count as part of the app")
    }
  }

  /// The runtime's library was closed, and nothing of it is left: the number may be given again.
  static func remove(_ number: UInt32) {
    _ = word(COEXIST_WORD_SMALL_STACKS).pointee.bitwiseAnd(~bit(number), ordering: .releasing)
    State.runtime(number).pointee.base = 0
    withUnsafeMutablePointer(to: &State.runtime(number).pointee.present) {
      atomic($0).pointee.store(0, ordering: .releasing)
    }
    State.changed()
  }

  @_noLocks @_noAllocation
  private static func instances(of catalogue: UInt32?) -> UInt16 {
    guard let catalogue else { return 0 }
    var found: UInt16 = 0
    for number in first..<max(count, first) {
      let slot = State.runtime(number)
      if slot.pointee.present == 1, UInt32(slot.pointee.catalogue) == catalogue { found &+= 1 }
    }
    return found
  }

  /// The newest runtime of a catalogue entry: what its secondary libraries belong to.
  @_noLocks @_noAllocation
  static func newest(of catalogue: UInt32) -> UInt32? {
    var number = count
    while number > first {
      number &-= 1
      let slot = State.runtime(number)
      if slot.pointee.present == 1, UInt32(slot.pointee.catalogue) == catalogue { return number }
    }
    return nil
  }

  /// The app, or a library that is not in the catalogue.
  @_noLocks @_noAllocation
  static func isUnknown(_ number: UInt32) -> Bool {
    number == app
      || (number >= first
        && State.runtime(number).pointee.catalogue == UInt16(COEXIST_CATALOGUE_NONE))
  }

  @_noLocks @_noAllocation
  static func named(_ name: UnsafePointer<CChar>) -> UInt32? {
    for number in app..<count where State.runtime(number).pointee.present == 1 {
      if coexist_text_equal(runtimeName(number), name) != 0 { return number }
    }
    return nil
  }

  @_noLocks @_noAllocation
  static func runtimeName(_ number: UInt32) -> UnsafePointer<CChar> {
    UnsafeRawPointer(State.runtime(number)).assumingMemoryBound(to: CChar.self)
  }

  @_noLocks @_noAllocation
  private static func fill<T>(_ storage: inout T, _ write: (inout Text) -> Void) {
    withUnsafeMutableBytes(of: &storage) { bytes in
      var text = Text(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), size: bytes.count)
      write(&text)
    }
  }
}
