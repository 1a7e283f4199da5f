import CCoexist
import Synchronization

/// sigaltstack(2), virtual per runtime and thread. Semantics: Linux kernel/signal.c do_sigaltstack.
enum AlternateStack {
  private static let onStack: Int32 = 1
  private static let disable: Int32 = 2
  private static let autoDisarm = Int32(bitPattern: 0x8000_0000)
  private static let eperm: Int32 = 1
  private static let enomem: Int32 = 12
  private static let efault: Int32 = 14
  private static let einval: Int32 = 22

  /// Returns 0 or a positive errno value.
  @_noLocks @_noAllocation
  static func call(
    _ new: UnsafePointer<stack_t>?, _ old: UnsafeMutablePointer<stack_t>?, caller: UInt64,
    sp: UInt64
  ) -> Int32 {
    let runtime = Ownership.caller(caller)
    guard let thread = Threads.current() else { return native(new, old) }
    if let new, !isFrame(UInt(bitPattern: new), sp, thread), coexist_can_read(new, 24) == 0 {
      return efault
    }
    let wanted = new?.pointee  // `new` and `old` may be one object
    let slot = slot(of: runtime, on: thread)
    let present = slot.map { stackNow($0, on: thread) } ?? none
    let isOn = contains(present, sp) && present.ss_flags & autoDisarm == 0
    var shown = present
    let state = present.ss_size == 0 ? disable : isOn ? onStack : 0
    shown.ss_flags = state | (present.ss_flags & autoDisarm)
    if let wanted {
      let error = change(wanted, isOn, runtime, slot, thread)
      if error != 0 { return error }
    }
    guard let old else { return 0 }
    // As the kernel: the request holds even if its answer can't be written.
    if !isFrame(UInt(bitPattern: old), sp, thread), coexist_real_sigaltstack(nil, old) != 0 {
      return efault
    }
    old.pointee = shown
    return 0
  }

  /// Is it in a frame of the caller's? Those are mapped: the usual argument needs no probe.
  @_noLocks @_noAllocation
  private static func isFrame(
    _ address: UInt, _ sp: UInt64, _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> Bool {
    sp > thread.pointee.stack_low && UInt64(address) >= sp
      && UInt64(address) &+ 24 <= thread.pointee.stack_high
  }

  @_noLocks @_noAllocation
  private static func change(
    _ wanted: stack_t, _ isOn: Bool, _ runtime: UInt32,
    _ slot: UnsafeMutablePointer<coexist_altstack>?,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> Int32 {
    if isOn { return eperm }
    let mode = wanted.ss_flags & ~autoDisarm
    guard mode == 0 || mode == onStack || mode == disable else { return einval }
    if mode != disable, wanted.ss_size < minimum { return enomem }
    return set(mode == disable ? none(wanted.ss_flags) : wanted, runtime, slot, thread)
  }

  /// Smaller stacks the kernel refuses.
  private static var minimum: Int {
    @_noLocks @_noAllocation get { Int(coexist_minimum_stack()) }
  }

  private static var none: stack_t {
    @_noLocks @_noAllocation get { none(0) }
  }

  @_noLocks @_noAllocation
  private static func none(_ flags: Int32) -> stack_t {
    stack_t(ss_sp: nil, ss_flags: flags & autoDisarm, ss_size: 0)
  }

  @_noLocks @_noAllocation
  private static func set(
    _ stack: stack_t, _ runtime: UInt32, _ known: UnsafeMutablePointer<coexist_altstack>?,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> Int32 {
    guard let slot = known ?? freeSlot(on: thread) else { return enomem }
    let before = slot.pointee
    let used: UInt32 = known.map { mayBeRestored($0) } ?? false ? 2 : 1
    slot.pointee.runtime = runtime
    slot.pointee.stack = stack
    slot.pointee.stack.ss_flags &= autoDisarm
    slot.pointee.used = stack.ss_size == 0 ? 0 : used
    // The kernel's own smallest size depends on the processor's state (do_sigaltstack).
    guard install(on: thread) == enomem else { return 0 }
    slot.pointee = before
    return enomem
  }

  @_noLocks @_noAllocation @inline(__always)
  static func slot(
    of runtime: UInt32, on thread: UnsafeMutablePointer<coexist_thread>
  ) -> UnsafeMutablePointer<coexist_altstack>? {
    for index in 0..<thread.pointee.altstacks_used {
      let slot = coexist_thread_altstack(thread, index)!
      if slot.pointee.used != 0, slot.pointee.runtime == runtime { return slot }
    }
    return nil
  }

  @_noLocks @_noAllocation
  private static func freeSlot(
    on thread: UnsafeMutablePointer<coexist_thread>
  ) -> UnsafeMutablePointer<coexist_altstack>? {
    for index in 0..<UInt32(COEXIST_ALTSTACKS_MAX) {
      let slot = coexist_thread_altstack(thread, index)!
      guard slot.pointee.used == 0 else { continue }
      thread.pointee.altstacks_used = max(thread.pointee.altstacks_used, index &+ 1)
      return slot
    }
    return nil
  }

  /// What the runtime has now. While its request is the only one the kernel holds it, takes it away
  /// for a handler (SS_AUTODISARM), and puts an older one back at rt_sigreturn: then the kernel
  /// knows.
  @_noLocks @_noAllocation
  private static func stackNow(
    _ slot: UnsafeMutablePointer<coexist_altstack>,
    on thread: UnsafeMutablePointer<coexist_thread>
  ) -> stack_t {
    guard mayBeRestored(slot), requests(on: thread) == 1 else {
      return slot.pointee.stack
    }
    var held = stack_t()
    _ = coexist_real_sigaltstack(nil, &held)
    if held.ss_flags & disable != 0 { return none(held.ss_flags) }
    if UInt64(UInt(bitPattern: held.ss_sp)) == thread.pointee.altstack_low {
      return slot.pointee.stack
    }
    held.ss_flags &= autoDisarm
    slot.pointee.stack = held
    return held
  }

  /// SS_AUTODISARM is set, or was when a handler asked for another stack.
  @_noLocks @_noAllocation
  private static func mayBeRestored(_ slot: UnsafeMutablePointer<coexist_altstack>) -> Bool {
    slot.pointee.stack.ss_flags & autoDisarm != 0 || slot.pointee.used == 2
  }

  @_noLocks @_noAllocation
  private static func requests(on thread: UnsafeMutablePointer<coexist_thread>) -> Int {
    var count = 0
    for index in 0..<thread.pointee.altstacks_used
    where coexist_thread_altstack(thread, index)!.pointee.used != 0 {
      count &+= 1
    }
    return count
  }

  /// Requested → installed: one runtime's request goes to the kernel as it is; with none or several
  /// the kernel has ours, and each handler is moved to its own. So it has once the dispatcher is
  /// there, too (`isEntered`).
  /// Returns 0 or a positive errno value.
  @_noLocks @_noAllocation @discardableResult
  static func install(on thread: UnsafeMutablePointer<coexist_thread>) -> Int32 {
    var stack = ours(thread)
    var requests = 0
    for index in 0..<thread.pointee.altstacks_used {
      let slot = coexist_thread_altstack(thread, index)!
      guard slot.pointee.used != 0 else { continue }
      requests &+= 1
      if requests == 1 { stack = slot.pointee.stack }
    }
    if requests > 1 || (requests == 1 && isEntered(stack)) { stack = ours(thread) }
    // Refused while a handler runs on the present one; the next request brings it up to date.
    let result = coexist_real_sigaltstack(&stack, nil)
    ThreadLines.setAlternate(stack, of: thread)
    return result == 0 ? 0 : coexist_errno()
  }

  /// SS_AUTODISARM: while a handler runs on the stack it counts as not set, so that it may be left
  /// for another context (sigaltstack(2)); rt_sigreturn sets it again.
  @_noLocks @_noAllocation @inline(__always)
  static func disarm(
    _ slot: UnsafeMutablePointer<coexist_altstack>,
    in dispatch: UnsafeMutablePointer<coexist_dispatch>
  ) {
    let isThere = contains(slot.pointee.stack, dispatch.pointee.handler_sp)
    guard isThere, slot.pointee.stack.ss_flags & autoDisarm != 0 else { return }
    slot.pointee.used = 0
    let first = coexist_thread_altstack(dispatch.pointee.thread, 0)!
    dispatch.pointee.restorable = UInt32(truncatingIfNeeded: slot - first) &+ 1
  }

  @_noLocks @_noAllocation @inline(__always)
  static func rearm(after dispatch: UnsafeMutablePointer<coexist_dispatch>) {
    guard dispatch.pointee.restorable != 0 else { return }
    let slot = coexist_thread_altstack(
      dispatch.pointee.thread, dispatch.pointee.restorable &- 1)!
    slot.pointee.used = 1
    dispatch.pointee.restorable = 0
  }

  /// Would the dispatcher be entered on it, at its top, for signals of other runtimes? Handlers
  /// that are interrupted, or go on, on another stack still need what lies there: .NET's runs on
  /// the interrupted stack, with the context that the kernel has written (pal/src/exception/
  /// signal.cpp sigsegv_handler).
  @_noLocks @_noAllocation
  private static func isEntered(_ stack: stack_t) -> Bool {
    word(COEXIST_WORD_DISPATCHES).pointee.load(ordering: .relaxed) != 0
      && stack.ss_flags & autoDisarm == 0
  }

  /// What rt_sigreturn is to install: a stack that was given to the kernel before the dispatcher
  /// was there is exchanged for ours.
  @_noLocks @_noAllocation
  static func afterDispatch(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>
  ) -> stack_t {
    let kernel = dispatch.pointee.kernel_stack
    let thread = dispatch.pointee.thread!
    guard kernel.ss_size != 0, isEntered(kernel), requests(on: thread) == 1 else { return kernel }
    for index in 0..<UInt32(COEXIST_ALTSTACKS_MAX) {
      let slot = coexist_thread_altstack(thread, index)!
      if slot.pointee.used != 0, slot.pointee.stack.ss_sp == kernel.ss_sp { return ours(thread) }
    }
    return kernel
  }

  @_noLocks @_noAllocation @inline(__always)
  static func ours(_ thread: UnsafeMutablePointer<coexist_thread>) -> stack_t {
    stack_t(
      ss_sp: UnsafeMutableRawPointer(bitPattern: UInt(thread.pointee.altstack_low)), ss_flags: 0,
      ss_size: Int(COEXIST_ALTSTACK_SIZE))
  }

  /// Where a handler with SA_ONSTACK runs: its runtime's stack, ours when that is smaller than the
  /// configuration allows; size 0 = its runtime has none.
  @_noLocks @_noAllocation @inline(__always)
  static func forHandler(
    _ slot: UnsafeMutablePointer<coexist_altstack>?,
    on thread: UnsafeMutablePointer<coexist_thread>
  ) -> stack_t {
    guard let slot else { return none }
    let least = Int(coexist_the_config().pointee.altstack_min_kib) * 1024
    return slot.pointee.stack.ss_size < least ? ours(thread) : slot.pointee.stack
  }

  @_noLocks @_noAllocation @inline(__always)
  static func contains(_ stack: stack_t, _ address: UInt64) -> Bool {
    let low = UInt64(UInt(bitPattern: stack.ss_sp))
    let size = UInt64(UInt(bitPattern: stack.ss_size))
    return size != 0 && address > low && address &- low <= size
  }

  @_noLocks @_noAllocation
  private static func native(
    _ new: UnsafePointer<stack_t>?, _ old: UnsafeMutablePointer<stack_t>?
  ) -> Int32 {
    coexist_real_sigaltstack(new, old) == 0 ? 0 : coexist_errno()
  }
}
