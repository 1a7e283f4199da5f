import CCoexist

/// `thread_local` objects of a context: destroyed at its end, newest first.
enum Destructors {
  /// false = the object is the thread's own: libc's list.
  static func add(
    _ function: @escaping @convention(c) (UnsafeMutableRawPointer?) -> Void,
    _ object: UnsafeMutableRawPointer?, dso: UnsafeMutableRawPointer?, sp: UInt64
  ) -> Bool {
    let me = coexist_tls_me()!
    guard me.pointee.depth == 0, let context = me.pointee.entered ?? Identity.context(sp, me),
      let module = GuestModules.holding(UInt64(UInt(bitPattern: dso)))
        ?? GuestModules.holding(unsafeBitCast(function, to: UInt64.self)),
      isOwn(module, context),
      let memory = Pool.take(UInt64(MemoryLayout<coexist_destructor>.size))
    else { return false }
    let entry = memory.assumingMemoryBound(to: coexist_destructor.self)
    entry.pointee.function = function
    entry.pointee.object = object
    entry.pointee.next = context.pointee.destructors
    context.pointee.destructors = entry
    return true
  }

  private static func isOwn(_ module: GuestModule, _ context: ContextPointer) -> Bool {
    module.pointee.policy == COEXIST_TLS_POLICY_CONTEXT.rawValue
      || (module.pointee.policy == COEXIST_TLS_POLICY_ENTERED.rawValue
        && context.pointee.kind == COEXIST_CONTEXT_EXPLICIT.rawValue)
  }

  static func run(_ context: ContextPointer) {
    while let entry = context.pointee.destructors {
      context.pointee.destructors = entry.pointee.next
      entry.pointee.function?(entry.pointee.object)
      Pool.give(entry, UInt64(MemoryLayout<coexist_destructor>.size))
    }
  }
}
