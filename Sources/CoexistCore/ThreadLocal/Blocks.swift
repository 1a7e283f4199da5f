import CCoexist
import Synchronization

/// A context's blocks: one copy of a module's PT_TLS image each, made at the first access.
enum Blocks {
  /// What `__tls_get_addr` must answer on this stack; 0 = libc's own answer. Called from:
  /// tls_get_addr.S where the answer is not at hand.
  static func address(_ index: UnsafePointer<UInt64>, sp: UInt64) -> UInt64 {
    let me = coexist_tls_me()!
    // A pin may allocate, and an allocator may have thread-local state: then that is the thread's.
    guard me.pointee.depth == 0 else { return 0 }
    me.pointee.depth = 1
    defer { me.pointee.depth = 0 }
    guard let context = Identity.context(sp, me) else { return 0 }
    let block = block(of: index[0], in: context)
    return block > UInt64(COEXIST_TLS_BLOCK_NATIVE) ? block &+ index[1] : 0
  }

  private static func block(of id: UInt64, in context: ContextPointer) -> UInt64 {
    let blocks = context.pointee.blocks!
    if id < blocks.pointee.count {
      let known = coexist_blocks_at(blocks, id)!.pointee
      if known != UInt64(COEXIST_TLS_BLOCK_NONE) { return known }
    }
    guard let module = GuestModules.find(id), let table = room(for: id, in: context)
    else { return 0 }
    let policy = module.pointee.policy
    let isOwn =
      policy == COEXIST_TLS_POLICY_CONTEXT.rawValue
      || (policy == COEXIST_TLS_POLICY_ENTERED.rawValue
        && context.pointee.kind == COEXIST_CONTEXT_EXPLICIT.rawValue)
    let block = isOwn ? make(module, id, in: context) : UInt64(COEXIST_TLS_BLOCK_NATIVE)
    coexist_blocks_at(table, id).pointee = block
    return block
  }

  /// The context's block of a module that it must have: for contexts entered by hand.
  static func own(_ id: UInt64, _ module: GuestModule, in context: ContextPointer) -> UInt64 {
    guard let table = room(for: id, in: context) else { return 0 }
    let slot = coexist_blocks_at(table, id)!
    if slot.pointee <= UInt64(COEXIST_TLS_BLOCK_NATIVE) {
      slot.pointee = make(module, id, in: context)
    }
    return slot.pointee
  }

  private static func make(
    _ module: GuestModule, _ id: UInt64, in context: ContextPointer
  ) -> UInt64 {
    guard GuestModules.hold(module, id) else { return UInt64(COEXIST_TLS_BLOCK_NATIVE) }
    let size = module.pointee.size
    guard let memory = Pool.takeRaw(size, align: module.pointee.align) else {
      GuestModules.release(module)
      return UInt64(COEXIST_TLS_BLOCK_NATIVE)
    }
    let image = UnsafeRawPointer(bitPattern: UInt(module.pointee.image))
    coexist_tls_fill(memory, image, module.pointee.image_size, size)
    ContextLines.gotBlock(context, of: id, size)
    return UInt64(UInt(bitPattern: memory))
  }

  private static func room(
    for id: UInt64, in context: ContextPointer
  ) -> UnsafeMutablePointer<coexist_blocks>? {
    let old = context.pointee.blocks!
    if id < old.pointee.count { return old }
    // A multiple of four, so that a table is whole 32-byte steps.
    let count = (max(id &+ 1, GuestModules.count) &+ 2 &+ 3) & ~3 &- 2
    guard let memory = Pool.take(16 &+ 8 &* count) else { return nil }
    let table = memory.assumingMemoryBound(to: coexist_blocks.self)
    table.pointee.count = count
    table.pointee.older = old.pointee.count == 0 ? nil : old
    for index in 0..<old.pointee.count {
      coexist_blocks_at(table, index).pointee = coexist_blocks_at(old, index).pointee
    }
    context.pointee.blocks = table
    return table
  }

  /// Who walks the tables of all contexts keeps them from being used for something else meanwhile.
  static func locked(_ body: () -> Void) {
    let lock = atomic(coexist_tls_tables())
    while !lock.pointee.compareExchange(expected: 0, desired: 1, ordering: .acquiring).exchanged {
      coexist_yield()
    }
    body()
    lock.pointee.store(0, ordering: .releasing)
  }

  static func free(_ context: ContextPointer) {
    var table: UnsafeMutablePointer<coexist_blocks>? = context.pointee.blocks
    context.pointee.blocks = coexist_tls_empty()
    guard let newest = table, newest.pointee.count > 0 else { return }
    ContextLines.lostBlocks(context)
    for id in 0..<newest.pointee.count {
      let block = coexist_blocks_at(newest, id)!.pointee
      guard block > UInt64(COEXIST_TLS_BLOCK_NATIVE), let module = GuestModules.known(id),
        let memory = UnsafeMutableRawPointer(bitPattern: UInt(block))
      else { continue }
      Pool.give(memory, module.pointee.size, align: module.pointee.align)
      GuestModules.release(module)
    }
    locked {
      while let each = table {
        table = each.pointee.older
        Pool.give(each, 16 &+ 8 &* each.pointee.count)
      }
    }
  }
}
