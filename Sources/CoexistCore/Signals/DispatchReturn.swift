import CCoexist

/// What follows when a handler has returned.
extension Dispatch {
  /// Whose FS base was loaded when the signal came, and to whom it was sent: for who asked.
  @_noLocks @_noAllocation
  static func bases(_ ucontext: UnsafeMutableRawPointer) -> (UInt, UInt) {
    let dispatch = UnsafeMutablePointer<coexist_dispatch>(
      bitPattern: UInt(coexist_uc_link(ucontext).pointee))!
    return (UInt(dispatch.pointee.base_loaded), UInt(dispatch.pointee.base_target))
  }

  /// A handler returned to our restorer: handled, or the next one.
  @_noLocks @_noAllocation
  static func returned(_ ucontext: UnsafeMutableRawPointer) -> UnsafeMutablePointer<coexist_jump> {
    let dispatch = UnsafeMutablePointer<coexist_dispatch>(
      bitPattern: UInt(coexist_uc_link(ucontext).pointee))!
    let changed =
      coexist_registers_differ(coexist_uc_registers(ucontext), &dispatch.pointee.registers) != 0
    guard
      Decline.judge(
        how: dispatch.pointee.how, changed: changed, delivery: dispatch.pointee.delivery != 0)
    else {
      return handled(dispatch, ucontext, changed: changed)
    }
    Recorder.answered(dispatch, Chain.answer(dispatch))
    if dispatch.pointee.delivery != 0 { dispatch.pointee.ends = 1 }
    return again(dispatch, ucontext)
  }

  /// The next link gets the original event, whatever the last one did to its copy.
  @_noLocks @_noAllocation @inline(__always)
  private static func again(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ ucontext: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<coexist_jump> {
    AlternateStack.rearm(after: dispatch)
    SignalMask.set(dispatch.pointee.base | SignalMask.dispatcher)
    let address = UInt64(UInt(bitPattern: ucontext))
    coexist_copy_registers(coexist_uc_registers(ucontext), &dispatch.pointee.registers)
    coexist_uc_mask(ucontext).pointee = dispatch.pointee.mask
    coexist_uc_stack(ucontext).pointee = dispatch.pointee.kernel_stack
    coexist_copy_siginfo(coexist_frame_info(ucontext), &dispatch.pointee.info)
    return next(
      dispatch, ucontext, frame: address &- 8,
      currentMask: dispatch.pointee.base | SignalMask.dispatcher)
  }

  @_noLocks @_noAllocation @inline(__always)
  private static func handled(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ ucontext: UnsafeMutableRawPointer,
    changed: Bool
  ) -> UnsafeMutablePointer<coexist_jump> {
    let thread = dispatch.pointee.thread!
    // Behind a breakpoint going on is progress.
    let mayRepeat = dispatch.pointee.genuine != 0 && dispatch.pointee.signal != 5
    if mayRepeat, !changed {
      Progress.remember(
        &thread.pointee.last, hash: Progress.hash(&dispatch.pointee.registers),
        address: coexist_info_address(&dispatch.pointee.info), generation: Progress.generation,
        runtime: dispatch.pointee.runtime)
    } else {
      thread.pointee.last = coexist_last_fault()
    }
    Recorder.claimed(dispatch)
    Decline.apply(dispatch)
    HandlerMask.take(ucontext, dispatch)
    if dispatch.pointee.delivery != 0 || (dispatch.pointee.genuine == 0 && Rules.asksAll(dispatch))
    {
      dispatch.pointee.claimed |= bit(dispatch.pointee.runtime)
      // The next recipient interrupts what this one made of the context.
      coexist_copy(
        &dispatch.pointee.registers, coexist_uc_registers(ucontext),
        UInt64(MemoryLayout<coexist_registers>.size))
      return again(dispatch, ucontext)
    }
    return resume(dispatch, ucontext)
  }

  /// Back to the interrupted instruction, as the ucontext says.
  @_noLocks @_noAllocation @inline(__always)
  static func resume(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ ucontext: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<coexist_jump> {
    // rt_sigreturn installs uc_stack again: it must be the kernel's own, not the runtime's view.
    coexist_uc_stack(ucontext).pointee = AlternateStack.afterDispatch(dispatch)
    coexist_uc_link(ucontext).pointee = 0
    coexist_uc_mask(ucontext).pointee = dispatch.pointee.mask
    let thread = dispatch.pointee.thread!
    AlternateStack.rearm(after: dispatch)
    if dispatch.pointee.in_wait != 0 { Waits.isOver(dispatch, thread) }
    Dispatches.pop(dispatch)
    HandlerMask.leave(dispatch, thread, goesBack: true)
    return leave(ucontext)
  }

  /// Back through rt_sigreturn. Not by way of memory: signals may be open already, and the next one
  /// finds the record of this one free.
  @_noLocks @_noAllocation @inline(__always)
  static func leave(
    _ ucontext: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<coexist_jump> {
    UnsafeMutablePointer(bitPattern: UInt(bitPattern: ucontext) | 1)!
  }

  /// The context that goes back, if it is not a handler that is entered.
  @_noLocks @_noAllocation
  static func returning(
    _ jump: UnsafeMutablePointer<coexist_jump>
  ) -> UnsafeMutableRawPointer? {
    let word = UInt(bitPattern: jump)
    return word & 1 == 0 ? nil : UnsafeMutableRawPointer(bitPattern: word & ~1)
  }
}
