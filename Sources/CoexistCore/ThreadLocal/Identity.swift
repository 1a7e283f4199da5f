import CCoexist
import Synchronization

typealias ThreadLocalSelf = UnsafeMutablePointer<coexist_tls_self>

/// Which context runs: by the stack pointer, unless one was entered by hand.
enum Identity {
  /// nil = the OS thread's own state. Remembers the answer for the whole stack.
  static func context(_ sp: UInt64, _ me: ThreadLocalSelf) -> ContextPointer? {
    if let finishing = me.pointee.finishing { return finishing }
    if me.pointee.entered != nil { return nil }  // its blocks stand in the DTV
    if sp &- me.pointee.low < me.pointee.size, isCurrent(me) { return me.pointee.context }
    return find(sp, me)
  }

  @_noLocks @_noAllocation
  private static func isCurrent(_ me: ThreadLocalSelf) -> Bool {
    guard let context = me.pointee.context else { return true }
    return context.pointee.low == me.pointee.low
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

  /// On an alternate stack: the context that the signal interrupted, without remembering it.
  private static func outside(_ sp: UInt64, _ me: ThreadLocalSelf) -> ContextPointer? {
    sp == 0 ? me.pointee.context : StackMap.find(sp)
  }

  /// The stack pointer that a handler's signal interrupted, 0 = a handler that we did not start;
  /// nil = not on one of the thread's alternate stacks.
  private static func interrupted(
    _ sp: UInt64, _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UInt64? {
    var isHandler = sp &- thread.pointee.altstack_low < UInt64(COEXIST_ALTSTACK_SIZE)
    for index in 0..<UInt32(COEXIST_ALTSTACKS_MAX) {
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
    me.pointee.low = context.pointee.low
    me.pointee.size = context.pointee.high &- context.pointee.low
    me.pointee.context = context
    return context
  }

  private static func native(
    _ me: ThreadLocalSelf, _ low: UInt64, _ high: UInt64
  ) -> ContextPointer? {
    me.pointee.low = low
    me.pointee.size = high &- low
    me.pointee.context = nil
    return nil
  }

  /// Only the page: what is around it may be announced as a stack later.
  private static func nativePage(_ me: ThreadLocalSelf, _ sp: UInt64) -> ContextPointer? {
    let page = sp & ~4095
    return native(me, page, page &+ 4096)
  }

  /// The next access looks again.
  @_noLocks @_noAllocation
  static func forget(_ me: ThreadLocalSelf) {
    if me.pointee.finishing == nil, me.pointee.entered != nil {
      me.pointee.low = 0
      me.pointee.size = UInt64.max
    } else {
      me.pointee.low = 0
      me.pointee.size = 0
    }
    me.pointee.context = nil
  }
}
