import CCoexist
import Synchronization

/// Stacks that libc or Boost.Context is told about.
enum FiberStacks {
  /// A fiber is about to be made on [low, high). What another fiber left there ends.
  static func announce(_ low: UInt64, _ high: UInt64, caller: UInt64) {
    guard high > low, !MappedStacks.isRuntime(caller) else { return }
    Contexts.activate()
    if let known = StackMap.find(high &- 1), known.pointee.low == low, known.pointee.high == high {
      Contexts.end(known)
      return
    }
    gone(low, high)
    adopt(low, high, caller: caller)
  }

  @discardableResult
  static func adopt(_ low: UInt64, _ high: UInt64, caller: UInt64) -> ContextPointer? {
    guard let context = Contexts.make(COEXIST_CONTEXT_STACK) else { return nil }
    context.pointee.low = low
    context.pointee.high = high
    ContextLines.made(context, COEXIST_HOST_STACK, maker: Ownership.caller(caller))
    ContextLines.setStack(context, low, high &- low)
    context.pointee.donor = coexist_donor_loaded()
    let me = coexist_tls_me()!
    if let thread = coexist_thread_self(), low < thread.pointee.stack_high,
      high > thread.pointee.stack_low
    {
      me.pointee.nested = 1
    }
    StackMap.insert(context)
    if GuestModules.state.pointee.stacks == 0 { Policy.warnOfStatic() }
    withUnsafeMutablePointer(to: &GuestModules.state.pointee.stacks) { count($0) }
    Identity.forget(me)
    return context
  }

  /// The fiber's function has returned, on its own stack.
  static func ended(_ sp: UInt64) {
    if let context = StackMap.find(sp) { Contexts.end(context) }
  }

  /// [low, high) is no stack any more.
  static func gone(_ low: UInt64, _ high: UInt64) {
    guard Contexts.isActive, high > low else { return }
    StackMap.forEach(in: low, high) { context in
      // Memory that a fiber unmaps around itself stays its stack until it leaves.
      let sp = coexist_current_sp()
      if sp >= context.pointee.low, sp < context.pointee.high { return }
      Contexts.end(context)
      StackMap.remove(context)
      Contexts.free(context)
      withUnsafeMutablePointer(to: &GuestModules.state.pointee.stacks) {
        _ = atomic($0).pointee.wrappingSubtract(1, ordering: .relaxed)
      }
    }
  }
}
