import CCoexist
import Synchronization

/// Initial-exec variables that belong to the task: exchanged at each switch that we see. Code that
/// reads `%fs:offset` can be given no other address, so the values move.
enum Copies {
  private typealias Area = UnsafeMutablePointer<coexist_copies>
  /// Further from the thread pointer no block counts as static: then it is asked for each time.
  private static let largestStatic: UInt64 = 1 &<< 16
  private static var table: UnsafeMutablePointer<coexist_tls_state> {
    GuestModules.state
  }

  static var isUsed: Bool {
    @inline(__always) get { count != 0 }
  }

  private static var count: UInt32 {
    @inline(__always) get {
      atomic(coexist_copied_number()).pointee.load(ordering: .acquiring)
    }
  }

  /// The module's manifest, or all of it where the user asked for that, joins the ranges.
  /// false = there is no room for them.
  static func add(_ module: GuestModule, map: UInt64, id: UInt64) -> Bool {
    for index in 0..<count where coexist_copied_at(index).pointee.module == id { return true }
    let room = UInt32(COEXIST_TLS_RANGES_MAX)
    let first = count
    guard first < room else { return false }
    let made = Manifest.fill(
      module, map: map, into: coexist_state_tls_range(State.shared, UInt64(first)),
      room: Int32(room &- first))
    guard made >= 0 else { return false }
    var size: UInt64 = 0
    for index in first..<first &+ UInt32(made) {
      let range = coexist_state_tls_range(State.shared, UInt64(index))!.pointee
      size &+= UInt64(range.size)
      note(index, id, range, module)
    }
    if table.pointee.copied_module == 0, made > 0 {
      table.pointee.ranges_size = size
      table.pointee.copied_module = id
    }
    table.pointee.ranges_count = UInt64(first) &+ UInt64(made)
    atomic(coexist_copied_number()).pointee.store(
      first &+ UInt32(made), ordering: .releasing)
    return true
  }

  /// Static blocks lie at the same distance from each thread's pointer, below it. A module whose
  /// variables another one's stand in for has no such block, although its code asks for one.
  private static func note(
    _ index: UInt32, _ id: UInt64, _ range: coexist_tls_range, _ module: GuestModule
  ) {
    withUnsafeMutableBytes(of: &table.pointee.ranges_module) {
      $0.storeBytes(
        of: UInt16(truncatingIfNeeded: id), toByteOffset: Int(index) * 2, as: UInt16.self)
    }
    let entry = coexist_copied_at(index)!
    let start = coexist_tls_native(id) &- coexist_tls_pointer()
    let isFixed =
      module.pointee.flags & UInt32(COEXIST_TLS_STATIC) != 0 && 0 &- start <= largestStatic
    entry.pointee.module = id
    entry.pointee.offset = Int64(bitPattern: (isFixed ? start : 0) &+ UInt64(range.offset))
    entry.pointee.words = range.size / 8
    entry.pointee.is_fixed = isFixed ? 1 : 0
  }

  /// The thread's variables become those of `next`; nil = its own.
  static func load(_ next: ContextPointer?, _ me: ThreadLocalSelf) {
    let loaded = me.pointee.copies?.pointee.loaded
    guard loaded != next, let own = ready(&me.pointee.copies, isContext: false) else { return }
    let from = loaded == nil ? own : ready(&loaded!.pointee.copies, isContext: true)
    let to = next == nil ? own : ready(&next!.pointee.copies, isContext: true)
    guard let from, let to else { return }
    coexist_copies_exchange(coexist_copies_bytes(from), coexist_copies_bytes(to))
    own.pointee.loaded = next
  }

  /// Where variables wait, with room for each range that is known now.
  @inline(__always)
  private static func ready(_ place: inout Area?, isContext: Bool) -> Area? {
    if let known = place, known.pointee.ranges == count { return known }
    return grown(&place, isContext)
  }

  /// What is new in it begins with the modules' images.
  @inline(never)
  private static func grown(_ place: inout Area?, _ isContext: Bool) -> Area? {
    let ranges = count
    var room: UInt64 = 0
    for index in 0..<ranges { room &+= UInt64(coexist_copied_at(index).pointee.words) &* 8 }
    let header = UInt64(MemoryLayout<coexist_copies>.size)
    guard let memory = Pool.take(header &+ room) else { return nil }
    let area = memory.assumingMemoryBound(to: coexist_copies.self)
    let bytes = coexist_copies_bytes(area)!
    let old = place
    var at: UInt64 = 0
    var index: UInt32 = 0
    while index < ranges {
      let size = UInt64(coexist_copied_at(index).pointee.words) &* 8
      if let old, index < old.pointee.ranges {
        coexist_copy(bytes + Int(at), coexist_copies_bytes(old) + Int(at), size)
      } else {
        fill(bytes + Int(at), index, size)
      }
      at &+= size
      index &+= 1
    }
    area.pointee.ranges = ranges
    area.pointee.room = UInt32(room)
    area.pointee.loaded = old?.pointee.loaded
    place = area
    if let old { Pool.give(old, header &+ UInt64(old.pointee.room)) }
    return area
  }

  private static func fill(_ bytes: UnsafeMutablePointer<UInt8>, _ index: UInt32, _ size: UInt64) {
    let id = coexist_copied_at(index).pointee.module
    let module = coexist_state_tls_module(State.shared, id)!
    let offset = UInt64(coexist_state_tls_range(State.shared, UInt64(index)).pointee.offset)
    guard offset < module.pointee.image_size else { return }  // zeroed already
    let source = UnsafeRawPointer(bitPattern: UInt(module.pointee.image &+ offset))
    coexist_copy(bytes, source, min(size, module.pointee.image_size &- offset))
  }

  static func free(_ context: ContextPointer) {
    let me = coexist_tls_me()!
    if me.pointee.copies?.pointee.loaded == context, me.pointee.entered == nil { load(nil, me) }
    give(&context.pointee.copies)
  }

  static func threadEnded() { give(&coexist_tls_me().pointee.copies) }

  private static func give(_ place: inout Area?) {
    guard let area = place else { return }
    place = nil
    Pool.give(
      area, UInt64(MemoryLayout<coexist_copies>.size) &+ UInt64(area.pointee.room))
  }
}
