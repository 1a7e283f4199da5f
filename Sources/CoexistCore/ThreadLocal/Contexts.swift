import CCoexist
import Synchronization

/// Birth and end of contexts. Records are never unmapped or used for another purpose: a thread that
/// still remembers one reads an empty table.
enum Contexts {
  private static let perSlab = 256
  private static let addressMask: UInt64 = 1 &<< 48 &- 1

  static var isActive: Bool {
    @_noLocks @_noAllocation @inline(__always) get {
      atomic(coexist_tls_activity()).pointee.load(ordering: .relaxed) != 0
    }
  }

  /// From now on calls of `__tls_get_addr` look where they run.
  static func activate() {
    guard !isActive else { return }
    GuestModules.scan()
    atomic(coexist_tls_activity()).pointee.store(1, ordering: .releasing)
  }

  @_noLocks @_noAllocation
  static func make(_ kind: coexist_context_kind) -> ContextPointer? {
    guard let context = pop() ?? slab() else { return nil }
    context.pointee = coexist_context()
    context.pointee.blocks = coexist_tls_empty()
    context.pointee.kind = kind.rawValue
    withUnsafeMutablePointer(to: &GuestModules.state.pointee.contexts) { count($0) }
    withUnsafeMutablePointer(to: &GuestModules.state.pointee.contexts_made) { count($0) }
    return context
  }

  /// The record is free for another; its contents have ended before.
  @_noLocks @_noAllocation
  static func free(_ context: ContextPointer) {
    context.pointee.low = 0
    context.pointee.high = 0
    context.pointee.kind = 0
    withUnsafeMutablePointer(to: &GuestModules.state.pointee.contexts) {
      _ = atomic($0).pointee.wrappingSubtract(1, ordering: .relaxed)
    }
    push(context)
  }

  /// What a guest left behind ends as at a thread's end: destructors, keys, then the memory.
  static func end(_ context: ContextPointer) {
    let me = coexist_tls_me()!
    let outer = me.pointee.finishing
    me.pointee.finishing = context
    Identity.forget(me)
    Destructors.run(context)
    Keys.finish(context)
    Destructors.run(context)
    me.pointee.finishing = outer
    Identity.forget(me)
    Blocks.free(context)
    Copies.free(context)
  }

  /// All records, used and free; for what must reach each of them.
  static func forEach(_ body: (ContextPointer) -> Void) {
    var slab = atomic(coexist_tls_slabs()).pointee.load(ordering: .acquiring)
    while let first = ContextPointer(bitPattern: UInt(slab)) {
      for index in 1..<perSlab where first[index].kind != 0 { body(first + index) }
      slab = UInt64(UInt(bitPattern: first.pointee.next))
    }
  }

  /// The first record of a slab only holds the slab before it.
  @_noLocks @_noAllocation
  private static func slab() -> ContextPointer? {
    let size = UInt64(MemoryLayout<coexist_context>.stride &* perSlab)
    guard let memory = coexist_tls_map(size) else { return nil }
    let first = memory.assumingMemoryBound(to: coexist_context.self)
    for index in 2..<perSlab {
      first[index].blocks = coexist_tls_empty()
      push(first + index)
    }
    let head = atomic(coexist_tls_slabs())
    var top = head.pointee.load(ordering: .acquiring)
    while true {
      first.pointee.next = ContextPointer(bitPattern: UInt(top))
      let result = head.pointee.compareExchange(
        expected: top, desired: UInt64(UInt(bitPattern: first)), ordering: .acquiringAndReleasing)
      if result.exchanged { break }
      top = result.original
    }
    return first + 1
  }

  @_noLocks @_noAllocation
  private static func pop() -> ContextPointer? {
    let head = atomic(coexist_tls_free())
    var top = head.pointee.load(ordering: .acquiring)
    while let context = ContextPointer(bitPattern: UInt(top & addressMask)) {
      let next = UInt64(UInt(bitPattern: context.pointee.next))
      let result = head.pointee.compareExchange(
        expected: top, desired: tagged(next, after: top), ordering: .acquiringAndReleasing)
      if result.exchanged { return context }
      top = result.original
    }
    return nil
  }

  @_noLocks @_noAllocation
  private static func push(_ context: ContextPointer) {
    let head = atomic(coexist_tls_free())
    var top = head.pointee.load(ordering: .acquiring)
    while true {
      context.pointee.next = ContextPointer(bitPattern: UInt(top & addressMask))
      let result = head.pointee.compareExchange(
        expected: top, desired: tagged(UInt64(UInt(bitPattern: context)), after: top),
        ordering: .acquiringAndReleasing)
      if result.exchanged { return }
      top = result.original
    }
  }

  @_noLocks @_noAllocation
  private static func tagged(_ address: UInt64, after top: UInt64) -> UInt64 {
    address & addressMask | (top &+ (1 &<< 48)) & ~addressMask
  }
}
