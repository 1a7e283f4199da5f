import CCoexist

/// The mask around one handler of a chain.
enum HandlerMask {
  /// What the handler asked for, less what other runtimes need; the difference is hidden.
  @_noLocks @_noAllocation @inline(__always)
  static func enter(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ action: coexist_action,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UInt64 {
    let interrupted = dispatch.pointee.base
    let wanted = SignalMask.inHandler(interrupted, action, dispatch.pointee.signal)
    let runtime = dispatch.pointee.runtime
    let needed = Needs.others(than: runtime, of: wanted & ~interrupted)
    // Faults stay open whatever was asked for, now or before; they read back as asked for.
    let asked = SignalMask.asked(action, dispatch.pointee.signal)
    let faults = (interrupted | asked) & processorSignals
    let hidden = thread.pointee.hidden
    thread.pointee.hidden = dispatch.pointee.hidden_before | needed | faults
    MaskCalls.mark(needed | faults, runtime, thread)
    // What the recipient before this one kept out.
    Held.release(hidden & ~thread.pointee.hidden, thread)
    return wanted & ~needed
  }

  /// The handler has left: what it kept from itself may come now; when its thread goes back, which
  /// sets the mask.
  @_noLocks @_noAllocation @inline(__always)
  static func leave(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>,
    _ thread: UnsafeMutablePointer<coexist_thread>, goesBack: Bool = false
  ) {
    let hidden = thread.pointee.hidden
    let before = dispatch.pointee.hidden_before
    if hidden | before == 0 { return }
    thread.pointee.hidden = before
    coexist_restore_hidden_by(thread, dispatch)
    if thread.pointee.held_count == 0 { return }
    let mask = SignalMask.blockAll(.max)
    Held.release(hidden & ~before, thread)
    // A handler that it interrupted may block the same signal, for another runtime only.
    Held.release(hidden & before, thread, for: bit(dispatch.pointee.runtime))
    if !goesBack { SignalMask.restore(mask) }
  }

  /// The handler sees, and may edit, the mask that the program believes in.
  @_noLocks @_noAllocation @inline(__always)
  static func show(
    _ ucontext: UnsafeMutableRawPointer, _ dispatch: UnsafeMutablePointer<coexist_dispatch>
  ) {
    let shown =
      dispatch.pointee.in_wait != 0
      ? Waits.around(dispatch.pointee.mask, dispatch.pointee.thread)
      : dispatch.pointee.mask | dispatch.pointee.hidden_before
    coexist_uc_mask(ucontext).pointee = Numbers.exchange(shown, dispatch.pointee.runtime)
    dispatch.pointee.mask_shown = shown
  }

  /// Takes over what a handler made of the mask.
  @_noLocks @_noAllocation @inline(__always)
  static func take(
    _ ucontext: UnsafeMutableRawPointer, _ dispatch: UnsafeMutablePointer<coexist_dispatch>
  ) {
    let edited = Numbers.exchange(
      coexist_uc_mask(ucontext).pointee, dispatch.pointee.runtime)
    if edited == dispatch.pointee.mask_shown { return }
    if dispatch.pointee.in_wait != 0 {
      dispatch.pointee.mask = Waits.edit(edited, dispatch.pointee.mask, dispatch.pointee.thread)
      return
    }
    dispatch.pointee.hidden_before &= edited
    dispatch.pointee.mask = edited & ~dispatch.pointee.hidden_before
    dispatch.pointee.base = dispatch.pointee.mask
  }
}
