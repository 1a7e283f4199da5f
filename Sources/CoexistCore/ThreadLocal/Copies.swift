import CCoexist
import Synchronization

/// Initial-exec variables that belong to the task: exchanged at each switch that we see. Code that
/// reads `%fs:offset` can be given no other address, so the values move.
enum Copies {
  private static var table: UnsafeMutablePointer<coexist_tls_state> {
    @_noLocks @_noAllocation get { GuestModules.state }
  }

  static var isUsed: Bool {
    @_noLocks @_noAllocation @inline(__always) get { table.pointee.ranges_count != 0 }
  }

  /// The module's manifest, or all of it where the user asked for that, joins the ranges.
  /// false = another module's variables are exchanged already.
  static func add(_ module: GuestModule, map: UInt64, id: UInt64) -> Bool {
    guard table.pointee.copied_module != id else { return true }
    guard table.pointee.copied_module == 0 else { return false }
    let count = Manifest.fill(module, map: map)
    var size: UInt64 = 0
    for index in 0..<count {
      size &+= UInt64(coexist_state_tls_range(State.shared, index)!.pointee.size)
    }
    table.pointee.ranges_size = size
    table.pointee.copied_module = id
    table.pointee.ranges_count = count
    return true
  }

  /// The thread's variables become those of `next`; nil = its own.
  static func load(_ next: ContextPointer?, _ me: ThreadLocalSelf) {
    guard isUsed, me.pointee.loaded != next else { return }
    guard let from = area(of: me.pointee.loaded, me), let to = area(of: next, me) else { return }
    let base = coexist_tls_native(table.pointee.copied_module)
    var at = 0
    for index in 0..<table.pointee.ranges_count {
      let range = coexist_state_tls_range(State.shared, index)!.pointee
      let live = UnsafeMutablePointer<UInt64>(bitPattern: UInt(base &+ UInt64(range.offset)))!
      let saved = UnsafeMutableRawPointer(from + at).assumingMemoryBound(to: UInt64.self)
      let fresh = UnsafeMutableRawPointer(to + at).assumingMemoryBound(to: UInt64.self)
      let words = Int(range.size) / 8
      for word in 0..<words { saved[word] = live[word] }
      for word in 0..<words { live[word] = fresh[word] }
      at &+= Int(range.size)
    }
    me.pointee.loaded = next
  }

  /// Where a context's variables wait; a new one begins with the module's image.
  private static func area(
    of context: ContextPointer?, _ me: ThreadLocalSelf
  ) -> UnsafeMutablePointer<UInt8>? {
    if let known = context == nil ? me.pointee.copies : context!.pointee.copies { return known }
    guard let memory = Pool.take(table.pointee.ranges_size) else { return nil }
    let fresh = memory.assumingMemoryBound(to: UInt8.self)
    guard let context else {
      me.pointee.copies = fresh
      return fresh
    }
    let module = coexist_state_tls_module(State.shared, table.pointee.copied_module)!
    var at = 0
    for index in 0..<table.pointee.ranges_count {
      let range = coexist_state_tls_range(State.shared, index)!.pointee
      let initialised = module.pointee.image_size
      let end = UInt64(range.offset &+ range.size)
      for byte in UInt64(range.offset)..<end where byte < initialised {
        let source = UnsafePointer<UInt8>(bitPattern: UInt(module.pointee.image &+ byte))!
        fresh[at + Int(byte &- UInt64(range.offset))] = source.pointee
      }
      at &+= Int(range.size)
    }
    context.pointee.copies = fresh
    return fresh
  }

  static func free(_ context: ContextPointer) {
    let me = coexist_tls_me()!
    if me.pointee.loaded == context, me.pointee.entered == nil { load(nil, me) }
    guard let memory = context.pointee.copies else { return }
    context.pointee.copies = nil
    Pool.give(memory, table.pointee.ranges_size)
  }

  static func threadEnded() {
    let me = coexist_tls_me()!
    guard let memory = me.pointee.copies else { return }
    me.pointee.copies = nil
    Pool.give(memory, table.pointee.ranges_size)
  }
}
