import CCoexist

/// A signal arrives, a handler returns (`DispatchReturn`): the two entries from `signal_entry.S`.
/// Nothing here locks, allocates, or calls a libc function; nothing is left on a stack that a
/// guest's handler does not stand on (DESIGN §4).
enum Dispatch {
  /// The kernel entered us. Returns where to go.
  @_noLocks @_noAllocation
  static func enter(
    _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>, _ ucontext: UnsafeMutableRawPointer,
    frame: UInt64, bases: (UInt, UInt) = (0, 0)
  ) -> UnsafeMutablePointer<coexist_jump> {
    let ticks = Recorder.ticks()
    let thread = Threads.inHandler(ucontext)
    if signal == 17 { Children.reap() }
    if thread.pointee.depth != 0 {
      _ = Dispatches.innermost(on: thread, sp: coexist_uc_sp(ucontext))
    }
    guard let dispatch = Dispatches.push(on: thread) else {
      return Crash.tooDeep(signal, info, ucontext, thread)
    }
    dispatch.pointee.base_loaded = UInt64(bases.0)
    dispatch.pointee.base_target = UInt64(bases.1)
    begin(dispatch, signal, info, ucontext, thread, ticks)
    let current = dispatch.pointee.base | SignalMask.dispatcher
    return next(dispatch, ucontext, frame: frame, currentMask: current)
  }

  /// Who asked the kernel for the previous handler by a raw system call (Go, before it has cgo)
  /// found our entry, and calls it with the frame that it was given. It declines: there is nobody
  /// below us whom we would not ask ourselves.
  @_noLocks @_noAllocation @inline(__always)
  static func isCalled(
    _ signal: Int32, _ ucontext: UnsafeMutableRawPointer, frame: UInt64
  ) -> Bool {
    // The kernel's context lies behind the return address, always.
    if UInt64(UInt(bitPattern: ucontext)) == frame &+ 8 { return false }
    guard let thread = coexist_thread_self(), thread.pointee.depth != 0 else { return false }
    let dispatch = coexist_thread_dispatch(thread, thread.pointee.depth &- 1)!
    guard dispatch.pointee.signal == signal,
      dispatch.pointee.return_ucontext == UInt64(UInt(bitPattern: ucontext))
    else { return false }
    dispatch.pointee.how = COEXIST_HOW_CALLED_PREVIOUS.rawValue
    return true
  }

  @_noLocks @_noAllocation @inline(__always)
  private static func begin(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ signal: Int32,
    _ info: UnsafeMutablePointer<siginfo_t>, _ ucontext: UnsafeMutableRawPointer,
    _ thread: UnsafeMutablePointer<coexist_thread>, _ ticks: UInt64
  ) {
    let attribution = Attribution(info, ucontext, thread)
    dispatch.pointee.magic = COEXIST_DISPATCH_MAGIC
    dispatch.pointee.thread = thread
    dispatch.pointee.entered_ticks = ticks
    dispatch.pointee.signal = signal
    dispatch.pointee.asked = 0
    dispatch.pointee.claimed = 0
    dispatch.pointee.pass = COEXIST_PASS_CLAIM.rawValue
    dispatch.pointee.how = COEXIST_HOW_ASKED.rawValue
    dispatch.pointee.runtime = Runtimes.system
    dispatch.pointee.journal_count = 0
    dispatch.pointee.restorable = 0
    dispatch.pointee.ends = 0
    dispatch.pointee.hidden_before = thread.pointee.hidden
    coexist_save_hidden_by(dispatch, thread)
    dispatch.pointee.pc_owner = attribution.pcOwner
    dispatch.pointee.address_owner = attribution.addressOwner
    dispatch.pointee.thread_owner = attribution.threadOwner
    dispatch.pointee.genuine = attribution.genuine ? 1 : 0
    dispatch.pointee.kernel_stack = coexist_uc_stack(ucontext).pointee
    dispatch.pointee.mask = coexist_uc_mask(ucontext).pointee
    dispatch.pointee.in_wait = Waits.isEnded(by: ucontext, thread) ? 1 : 0
    dispatch.pointee.base =
      dispatch.pointee.in_wait != 0 && thread.pointee.wait.is_over == 0
      ? thread.pointee.wait.mask : dispatch.pointee.mask
    dispatch.pointee.rule = Rules.index(for: signal)
    coexist_copy_registers(&dispatch.pointee.registers, coexist_uc_registers(ucontext))
    dispatch.pointee.sender = coexist_info_take_label(info)
    coexist_copy_siginfo(&dispatch.pointee.info, info)
    Recorder.begin(dispatch, thread)
    dispatch.pointee.delivery = isFault(signal) ? 0 : 1
    if dispatch.pointee.genuine == 0, Held.holdFault(dispatch, thread) {
      // Nobody is asked now.
      dispatch.pointee.delivery = 1
      dispatch.pointee.recipients = 0
    } else if dispatch.pointee.delivery != 0 {
      let chosen = Chain.recipients(dispatch, thread, ucontext)
      dispatch.pointee.recipients = Held.hold(dispatch, chosen, thread)
      if dispatch.pointee.recipients == 0 { thread.pointee.handled_for |= bit(Runtimes.system) }
    } else {
      skipStuck(dispatch, thread)
    }
  }

  /// A handler that keeps returning to the same fault is not asked a fourth time.
  @_noLocks @_noAllocation @inline(__always)
  private static func skipStuck(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) {
    guard dispatch.pointee.genuine != 0, thread.pointee.last.stuck != 0 else { return }
    var stuck = Progress.stuck(
      thread.pointee.last, hash: Progress.hash(&dispatch.pointee.registers),
      address: coexist_info_address(&dispatch.pointee.info), generation: Progress.generation)
    dispatch.pointee.asked = stuck
    while stuck != 0 {
      dispatch.pointee.runtime = UInt32(truncatingIfNeeded: stuck.trailingZeroBitCount)
      stuck &= stuck &- 1
      Recorder.asked(dispatch, COEXIST_EVIDENCE_NONE)
      Recorder.answered(dispatch, COEXIST_HOW_NO_PROGRESS)
    }
  }

  /// Asks the next runtime, or takes the default action.
  @_noLocks @_noAllocation @inline(__always)
  static func next(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ ucontext: UnsafeMutableRawPointer,
    frame: UInt64, currentMask: UInt64
  ) -> UnsafeMutablePointer<coexist_jump> {
    while let choice = Chain.next(dispatch) {
      dispatch.pointee.runtime = choice.runtime
      dispatch.pointee.asked |= bit(choice.runtime)
      dispatch.pointee.how = COEXIST_HOW_ASKED.rawValue
      dispatch.pointee.journal_count = 0
      // It may have taken its handler away since the claimants were read.
      guard let action = Requests.action(dispatch.pointee.signal, choice.runtime),
        action.handler > 1
      else { continue }
      if action.flags & 0x8000_0000 != 0 { Decline.resetBeforehand(action, in: dispatch) }
      let jump = call(action, dispatch, ucontext, frame, currentMask)
      Recorder.asked(dispatch, choice.evidence)
      return jump
    }
    // A delivery that nobody may have now is held, not lost: it does nothing.
    let isServed =
      dispatch.pointee.delivery != 0
      ? dispatch.pointee.ends == 0 && !Pipes.kills(dispatch, ucontext)
      : dispatch.pointee.claimed != 0
    if isServed { return resume(dispatch, ucontext) }
    return Crash.take(dispatch, ucontext)
  }

  /// Builds the frame where the handler wants it and the jump into the handler.
  @_noLocks @_noAllocation @inline(__always)
  private static func call(
    _ action: coexist_action, _ dispatch: UnsafeMutablePointer<coexist_dispatch>,
    _ ucontext: UnsafeMutableRawPointer, _ frame: UInt64, _ currentMask: UInt64
  ) -> UnsafeMutablePointer<coexist_jump> {
    let thread = dispatch.pointee.thread!
    thread.pointee.handled_for |= bit(dispatch.pointee.runtime)
    let slot = AlternateStack.slot(of: dispatch.pointee.runtime, on: thread)
    Interruption.apply(action, ucontext, dispatch)
    var context = ucontext
    if let target = target(action, slot, dispatch, ucontext, frame) {
      let copy = coexist_frame_relocate(target, ucontext, &dispatch.pointee.info)
      context = UnsafeMutableRawPointer(bitPattern: UInt(copy))!
    }
    let address = UInt64(UInt(bitPattern: context))
    dispatch.pointee.return_ucontext = address
    dispatch.pointee.handler_sp = address
    if let slot {
      coexist_uc_stack(context).pointee = slot.pointee.stack
      AlternateStack.disarm(slot, in: dispatch)
    }
    coexist_uc_link(context).pointee = UInt64(UInt(bitPattern: dispatch))
    HandlerMask.show(context, dispatch)
    let wanted = HandlerMask.enter(dispatch, action, thread)
    // In the dispatch's own record: a signal that comes when the mask is set has another one. That
    // is done where the handler will stand: here several in a row would fill a small alternate
    // stack, which a handler that does not run on it never needed (.NET's has room for three).
    let number = Numbers.exchange(dispatch.pointee.signal, dispatch.pointee.runtime)
    coexist_frame_info(context).pointee.si_signo = number
    let jump = coexist_dispatch_jump(dispatch)!
    jump.pointee = coexist_jump(
      target: action.handler, sp: address,
      arg0: UInt64(UInt32(bitPattern: number)),
      arg1: address &+ UInt64(COEXIST_UCONTEXT_SIZE), arg2: address, mask: wanted,
      sets_mask: wanted != currentMask ? 1 : 0)
    return jump
  }

  @_noLocks @_noAllocation @inline(__always)
  private static func target(
    _ action: coexist_action, _ slot: UnsafeMutablePointer<coexist_altstack>?,
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ ucontext: UnsafeMutableRawPointer,
    _ frame: UInt64
  ) -> UInt64? {
    let thread = dispatch.pointee.thread!
    let interrupted = dispatch.pointee.registers.sp
    let which = Stacks.containing(interrupted, on: thread)
    let needed = coexist_frame_size(ucontext) &+ 4096
    let wantsAlternate = action.flags & 0x0800_0000 != 0
    let own = AlternateStack.forHandler(
      slot ?? Stacks.anonymous(for: dispatch.pointee.runtime, on: thread), on: thread)
    let kernel = Stacks.ofKernel(for: dispatch.pointee.runtime, dispatch)
    let ours = AlternateStack.ours(thread)
    let alternate = own.ss_size != 0 ? own : kernel
    let placement = Placement(
      wantsAlternate: wantsAlternate, own: own, kernel: kernel, ours: ours, frame: frame,
      interrupted: interrupted,
      lowest: Dispatches.lowest(on: wantsAlternate ? alternate : ours, thread),
      interruptedIsUsable: !wantsAlternate
        && Stacks.hasRoom(
          which, below: interrupted, needed, for: dispatch.pointee.runtime,
          code: dispatch.pointee.registers.pc, on: thread),
      frameIsOnInterrupted: which == Stacks.containing(frame, on: thread) && frame < interrupted
        && (which != .unknown || !isApart(frame, interrupted, dispatch.pointee.kernel_stack)))
    return placement.target
  }

  /// Of two places on stacks that we do not know: does the kernel's alternate stack hold the first
  /// only? A thread that we did not see begin has none: its frame lies where it was interrupted.
  @_noLocks @_noAllocation @inline(__always)
  private static func isApart(_ frame: UInt64, _ interrupted: UInt64, _ kernel: stack_t) -> Bool {
    AlternateStack.contains(kernel, frame) && !AlternateStack.contains(kernel, interrupted)
  }
}
