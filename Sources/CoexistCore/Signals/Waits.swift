import CCoexist

/// Masks that hold for the duration of a call: sigsuspend(2), ppoll(2), epoll_pwait(2).
enum Waits {
  /// What is believed blocked but open, and let in by the wait, must not come between here and the
  /// call, which would then wait for it in vain: until the call everything is blocked for once.
  @_noLocks @_noAllocation
  static func begin(
    _ mask: UInt64, caller: UInt64, _ wait: UnsafeMutablePointer<coexist_wait>,
    _ outer: UnsafeMutablePointer<coexist_wait>
  ) -> UInt64 {
    wait.pointee.sp = 0
    guard let thread = Threads.current() else { return mask }
    _ = Dispatches.innermost()
    let runtime = Ownership.caller(caller)
    Exchanges.catchUp(thread)
    let mask = Numbers.exchange(mask, runtime)
    let needed = mask & Needs.others(than: runtime, of: mask)
    let hidden = thread.pointee.hidden
    wait.pointee = coexist_wait(
      sp: UInt64(UInt(bitPattern: wait)), mask: mask & ~needed, hidden: hidden, real: isOpen,
      is_over: 0)
    if hidden & ~mask != 0 { wait.pointee.real = SignalMask.blockAll(.max) }
    outer.pointee = thread.pointee.wait
    thread.pointee.wait = wait.pointee
    thread.pointee.hidden = needed
    MaskCalls.mark(needed, runtime, thread)
    thread.pointee.handled_for = 0
    thread.pointee.waiting = runtime
    // What the mask lets in may be waiting already.
    Held.release(hidden & ~mask, thread)
    return mask & ~needed
  }

  private static var isOpen: UInt64 {
    @_noLocks @_noAllocation get { .max }
  }

  @_noLocks @_noAllocation
  static func end(_ wait: coexist_wait, _ outer: coexist_wait) {
    guard wait.sp != 0, let thread = Threads.current() else { return }
    // A handler may have edited what is to be put back.
    let last = thread.pointee.wait.sp == wait.sp ? thread.pointee.wait : wait
    let opened = thread.pointee.hidden & ~last.hidden
    thread.pointee.wait = outer
    thread.pointee.hidden = last.hidden
    if last.real != isOpen { SignalMask.restore(last.real) }
    Held.release(opened, thread)
  }

  /// sigwait(3) is for signals that are blocked: they are, while it waits. What was held back of
  /// them is put where it finds them. Returns what to wait for in the kernel.
  @_noLocks @_noAllocation
  static func take(
    _ signals: UInt64, caller: UInt64, _ wait: UnsafeMutablePointer<coexist_wait>
  ) -> UInt64 {
    wait.pointee.sp = 0
    let signals = Waiters.note(signals, caller: caller)
    guard let thread = Threads.current() else { return signals }
    _ = Dispatches.innermost()
    let hidden = thread.pointee.hidden
    if hidden & signals == 0 { return signals }
    let real = SignalMask.blockAll(hidden & signals)
    wait.pointee = coexist_wait(
      sp: UInt64(UInt(bitPattern: wait)), mask: real | (hidden & signals), hidden: hidden,
      real: real, is_over: 0)
    thread.pointee.hidden = hidden & ~signals
    Held.release(hidden & signals, thread)
    return signals
  }

  @_noLocks @_noAllocation
  static func taken(_ wait: coexist_wait) {
    guard wait.sp != 0, let thread = Threads.current() else { return }
    thread.pointee.hidden = wait.hidden
    SignalMask.restore(wait.real)
  }

  /// Was what sigwait(3) took sent by another runtime to itself? Then it is sent again.
  @_noLocks @_noAllocation
  static func tookAnothers(
    _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>, caller: UInt64
  ) -> Bool {
    guard let thread = Threads.current(), isChained(signal), !isFault(signal),
      State.installed(signal) == COEXIST_INSTALLED_DISPATCHER
    else { return false }
    let runtime = Ownership.caller(caller)
    let label = coexist_info_take_label(info)
    if Numbers.forward(signal, info, label: label) { return true }
    guard case .tagged(let senders) = Senders.origin(signal, info, thread, label: label),
      senders & bit(runtime) == 0
    else { return false }
    let recipients = senders & Requests.claimants(signal) & ~bit(runtime)
    if recipients == 0 { return false }
    let before = SignalMask.open(signalBit(signal))
    Held.send(signal, recipients, info, thread)
    SignalMask.restore(before)
    return true
  }

  @_noLocks @_noAllocation
  static func wokenByOthers() -> Bool {
    guard let thread = Threads.current() else { return false }
    let handled = thread.pointee.handled_for
    thread.pointee.handled_for = 0
    return handled != 0 && handled & bit(thread.pointee.waiting) == 0
  }

  /// Did the signal end this thread's wait? The call is a few frames below the record of it.
  @_noLocks @_noAllocation
  static func isEnded(
    by ucontext: UnsafeMutableRawPointer, _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> Bool {
    let depth = thread.pointee.wait.sp &- coexist_uc_sp(ucontext)
    return thread.pointee.wait.sp != 0 && depth < 4096 && coexist_uc_ended_call(ucontext) != 0
  }

  /// A handler of who waits has run: what comes next finds the mask around the wait, as the kernel
  /// puts it back when a handler has ended sigsuspend(2).
  @_noLocks @_noAllocation
  static func isOver(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) {
    if thread.pointee.handled_for & bit(thread.pointee.waiting) == 0 { return }
    thread.pointee.wait.is_over = 1
    dispatch.pointee.hidden_before = thread.pointee.wait.hidden
  }

  /// The mask around the wait, as the program believes in it; `interrupted` is the kernel's.
  @_noLocks @_noAllocation
  static func around(
    _ interrupted: UInt64, _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UInt64 {
    let wait = thread.pointee.wait
    return (wait.real == isOpen ? interrupted : wait.real) | wait.hidden
  }

  /// A handler has edited the mask around the wait. Returns what the kernel is to put back now.
  @_noLocks @_noAllocation
  static func edit(
    _ mask: UInt64, _ interrupted: UInt64, _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UInt64 {
    thread.pointee.wait.hidden &= mask
    let real = mask & ~thread.pointee.wait.hidden
    if thread.pointee.wait.real == isOpen { return real }
    thread.pointee.wait.real = real
    return interrupted
  }
}
