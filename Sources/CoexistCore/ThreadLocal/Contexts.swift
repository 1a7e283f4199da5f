import CCoexist
import Synchronization

/// Birth and end of contexts. Records are never unmapped or used for another purpose: a thread that
/// still remembers one reads an empty table.
enum Contexts {
  private static let perSlab = Int(COEXIST_CONTEXTS_SLAB)

  static var isActive: Bool {
    @_noLocks @_noAllocation @inline(__always) get {
      atomic(coexist_tls_activity()).pointee.load(ordering: .relaxed) != 0
    }
  }

  /// From now on calls of `__tls_get_addr` look where they run.
  static func activate() {
    // A thread that we did not see begin (a raw clone) is woken by what it does itself.
    if isActive { return coexist_tls_wake(coexist_tls_me()) }
    GuestModules.scan()
    atomic(coexist_tls_activity()).pointee.store(1, ordering: .sequentiallyConsistent)
    ThreadPool.forEachRecord { thread in
      let place = slot(thread)
      let other = place.pointee.load(ordering: .sequentiallyConsistent)
      guard other > writing,
        place.pointee.compareExchange(
          expected: other, desired: writing, ordering: .acquiringAndReleasing
        ).exchanged
      else { return }
      coexist_tls_wake(ThreadLocalSelf(bitPattern: UInt(other)))
      place.pointee.store(other, ordering: .releasing)
    }
    coexist_tls_wake(coexist_tls_me())
  }

  private static let writing: UInt64 = 1

  private static func slot(
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UnsafeMutablePointer<Atomic<UInt64>> {
    withUnsafeMutablePointer(to: &thread.pointee.tls_self) { atomic($0) }
  }

  /// On the thread: whoever makes the first context reaches it from here on, or has done so.
  static func threadStarted(_ thread: UnsafeMutablePointer<coexist_thread>) {
    let me = coexist_tls_me()!
    slot(thread).pointee.store(UInt64(UInt(bitPattern: me)), ordering: .sequentiallyConsistent)
    let activity = atomic(coexist_tls_activity()).pointee.load(ordering: .sequentiallyConsistent)
    if activity != 0 { coexist_tls_wake(me) }
  }

  /// On the thread, before its memory goes.
  static func threadEnded(_ thread: UnsafeMutablePointer<coexist_thread>) {
    let me = UInt64(UInt(bitPattern: coexist_tls_me()))
    while !slot(thread).pointee.compareExchange(
      expected: me, desired: 0, ordering: .acquiringAndReleasing
    ).exchanged, slot(thread).pointee.load(ordering: .acquiring) != 0 { coexist_yield() }
  }

  /// In the child of fork the other threads' memory may be given away.
  static func forked() {
    let me = coexist_thread_self()
    ThreadPool.forEachRecord { if $0 != me { slot($0).pointee.store(0, ordering: .relaxed) } }
    if let me { threadStarted(me) }
    ContextLines.settle()
  }

  @_noLocks @_noAllocation
  static func make(_ kind: coexist_context_kind) -> ContextPointer? {
    let used = freeList.pop()?.assumingMemoryBound(to: coexist_context.self)
    guard let context = used ?? slab() else { return nil }
    let line = context.pointee.line
    context.pointee = coexist_context()
    context.pointee.line = line
    context.pointee.blocks = coexist_tls_empty()
    context.pointee.kind = UInt16(kind.rawValue)
    withUnsafeMutablePointer(to: &GuestModules.state.pointee.contexts) { count($0) }
    return context
  }

  /// The record is free for another; its contents have ended before.
  @_noLocks @_noAllocation
  static func free(_ context: ContextPointer) {
    context.pointee.low = 0
    context.pointee.high = 0
    context.pointee.kind = 0
    ContextLines.ended(context)
    withUnsafeMutablePointer(to: &GuestModules.state.pointee.contexts) {
      _ = atomic($0).pointee.wrappingSubtract(1, ordering: .relaxed)
    }
    freeList.push(context)
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
      slab = UInt64(UInt(bitPattern: first.pointee.outer))
    }
  }

  /// The first record of a slab only holds the slab before it.
  @_noLocks @_noAllocation
  private static func slab() -> ContextPointer? {
    let size = UInt64(MemoryLayout<coexist_context>.stride &* perSlab)
    guard let memory = coexist_tls_map(size) else { return nil }
    let first = memory.assumingMemoryBound(to: coexist_context.self)
    let line = ContextLines.keep(UInt64(perSlab &- 1))
    for index in 1..<perSlab {
      first[index].line = line == 0 ? 0 : line &+ UInt32(index) &- 1
    }
    for index in 2..<perSlab {
      first[index].blocks = coexist_tls_empty()
      freeList.push(first + index)
    }
    let head = atomic(coexist_tls_slabs())
    var top = head.pointee.load(ordering: .acquiring)
    while true {
      first.pointee.outer = ContextPointer(bitPattern: UInt(top))
      let result = head.pointee.compareExchange(
        expected: top, desired: UInt64(UInt(bitPattern: first)), ordering: .acquiringAndReleasing)
      if result.exchanged { break }
      top = result.original
    }
    return first + 1
  }

  private static var freeList: FreeList {
    @_noLocks @_noAllocation get {
      FreeList(atomic(coexist_tls_free()), link: Int(COEXIST_CONTEXT_NEXT))
    }
  }
}
