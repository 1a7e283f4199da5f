import CCoexist
import Synchronization

typealias ThreadLocalSelf = UnsafeMutablePointer<coexist_tls_self>

/// Which context runs: by the stack pointer, unless one was entered by hand.
enum Identity {
  /// nil = the OS thread's own state. Remembers the answer for the whole stack.
  static func context(_ sp: UInt64, _ me: ThreadLocalSelf) -> ContextPointer? {
    if let finishing = me.pointee.finishing { return finishing }
    if me.pointee.entered != nil { return entered(sp, me) }  // its blocks stand in the DTV
    let offset = sp &- me.pointee.low
    if offset < me.pointee.native_size { return nil }
    if offset < me.pointee.size, let context = me.pointee.context,
      context.pointee.low == me.pointee.low
    {
      return context
    }
    return find(sp, me)
  }

  /// What is remembered of the thread's own stack holds when it is left, too.
  private static func entered(_ sp: UInt64, _ me: ThreadLocalSelf) -> ContextPointer? {
    if sp &- me.pointee.low < me.pointee.native_size { return nil }
    if let thread = coexist_thread_self(), isOwnStack(sp, of: thread), me.pointee.nested == 0 {
      return native(me, thread.pointee.stack_low, thread.pointee.stack_high)
    }
    if me.pointee.native_size != UInt64.max { everywhere(me) }
    return nil
  }

  /// Until it is left, which must then say so (`left`).
  @_noLocks @_noAllocation
  private static func everywhere(_ me: ThreadLocalSelf) {
    me.pointee.entered?.pointee.again = 0
    coexist_tls_remember(me, 0, UInt64.max, nil, 0)
  }

  /// Whose stack it runs on, where no context is entered; nil = the thread's own.
  static func ofStack(_ me: ThreadLocalSelf) -> ContextPointer? {
    let sp = coexist_current_sp()
    if let thread = coexist_thread_self(), isOwnStack(sp, of: thread), me.pointee.nested == 0 {
      return nil
    }
    return StackMap.find(sp)
  }

  private static func isOwnStack(
    _ sp: UInt64, of thread: UnsafeMutablePointer<coexist_thread>
  ) -> Bool {
    thread.pointee.stack_low != 0 && sp >= thread.pointee.stack_low
      && sp < thread.pointee.stack_high
  }

  private static func find(_ sp: UInt64, _ me: ThreadLocalSelf) -> ContextPointer? {
    if let context = StackMap.find(sp) { return remember(me, context) }
    if let thread = coexist_thread_self(), thread.pointee.stack_low != 0 {
      if sp >= thread.pointee.stack_low, sp < thread.pointee.stack_high {
        return me.pointee.nested == 0
          ? native(me, thread.pointee.stack_low, thread.pointee.stack_high) : nativePage(me, sp)
      }
      if let interrupted = interrupted(sp, thread) { return outside(interrupted, me) }
    }
    if let context = MappedStacks.adopt(sp) { return remember(me, context) }
    return nativePage(me, sp)
  }

  /// On an alternate stack: the context that the signal interrupted, without remembering it. Where
  /// we do not know what it interrupted, the thread's own: what was remembered last may be over,
  /// or run elsewhere by now.
  private static func outside(_ sp: UInt64, _ me: ThreadLocalSelf) -> ContextPointer? {
    sp == 0 ? nil : StackMap.find(sp)
  }

  /// The stack pointer that a handler's signal interrupted, 0 = a handler that we did not start;
  /// nil = not on one of the thread's alternate stacks.
  private static func interrupted(
    _ sp: UInt64, _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UInt64? {
    var isHandler = sp &- thread.pointee.altstack_low < UInt64(COEXIST_ALTSTACK_SIZE)
    for index in 0..<thread.pointee.altstacks_used {
      let slot = coexist_thread_altstack(thread, index)!
      guard slot.pointee.used != 0 else { continue }
      let low = UInt64(UInt(bitPattern: slot.pointee.stack.ss_sp))
      if sp &- low < UInt64(slot.pointee.stack.ss_size) { isHandler = true }
    }
    guard isHandler else { return nil }
    guard thread.pointee.depth > 0 else { return 0 }
    return coexist_thread_dispatch(thread, 0)!.pointee.registers.sp
  }

  private static func remember(_ me: ThreadLocalSelf, _ context: ContextPointer) -> ContextPointer {
    let low = context.pointee.low
    coexist_tls_remember(me, low, 0, context, context.pointee.high &- low)
    return context
  }

  private static func native(
    _ me: ThreadLocalSelf, _ low: UInt64, _ high: UInt64
  ) -> ContextPointer? {
    coexist_tls_remember(me, low, high &- low, nil, 0)
    return nil
  }

  /// Only the page: what is around it may be announced as a stack later.
  private static func nativePage(_ me: ThreadLocalSelf, _ sp: UInt64) -> ContextPointer? {
    let page = sp & ~4095
    return native(me, page, page &+ 4096)
  }

  /// The next access looks again.
  @_noLocks @_noAllocation
  static func forget(_ me: ThreadLocalSelf) { coexist_tls_remember(me, 0, 0, nil, 0) }

  /// A context was entered by hand. Where the thread's own state was meant, its DTV still is.
  @_noLocks @_noAllocation @inline(__always)
  static func entered(_ me: ThreadLocalSelf) {
    if me.pointee.size != 0 { everywhere(me) }
  }

  /// And left: what was remembered of this stack meanwhile still holds.
  @_noLocks @_noAllocation @inline(__always)
  static func left(_ me: ThreadLocalSelf) {
    guard me.pointee.native_size == UInt64.max else { return }
    if let outer = me.pointee.entered { outer.pointee.again = 0 } else { forget(me) }
  }
}
