import CCoexist

// Every function that preload/ calls, one line each: the way into the folders of the core. Types
// are checked against entry.h by the compiler.

@c(coexist_core_start) @implementation
public func coexist_core_start() {
  Start.run()
  if let main = coexist_thread_self() { Contexts.threadStarted(main) }
}

@c(coexist_core_forked) @implementation
public func coexist_core_forked() {
  Start.forked()
  Contexts.forked()
  TaskWatch.forked()
}

@_noLocks @_noAllocation
@c(coexist_core_sigaction) @implementation
public func coexist_core_sigaction(
  _ signal: Int32, _ act: UnsafePointer<sigaction>!, _ old: UnsafeMutablePointer<sigaction>!,
  _ caller: UInt64
) -> Int32 { NumberCalls.sigaction(signal, act, old, caller: caller) }

@_noLocks @_noAllocation
@c(coexist_core_sigaltstack) @implementation
public func coexist_core_sigaltstack(
  _ stack: UnsafePointer<stack_t>!, _ old: UnsafeMutablePointer<stack_t>!, _ caller: UInt64,
  _ sp: UInt64
) -> Int32 {
  MaskCalls.catchUp()
  return AlternateStack.call(stack, old, caller: caller, sp: sp)
}

@_noLocks @_noAllocation
@c(coexist_core_sends_itself) @implementation
public func coexist_core_sends_itself(_ signal: Int32, _ caller: UInt64, _ how: UInt32) -> Int32 {
  Decline.swallows(signal, caller: caller, how: how) ? 1 : 0
}

@_noLocks @_noAllocation
@c(coexist_core_label) @implementation
public func coexist_core_label(_ signal: Int32, _ tid: Int32, _ caller: UInt64) -> UInt64 {
  Senders.label(signal, tid: tid, caller: caller)
}

@_noLocks @_noAllocation
@c(coexist_core_tag_thread) @implementation
public func coexist_core_tag_thread(_ signal: Int32, _ thread: UInt64, _ caller: UInt64) {
  let record = thread == COEXIST_THREAD_UNKNOWN ? 0 : UInt(thread)
  Senders.tag(
    signal, UnsafeMutablePointer(bitPattern: record), toProcess: thread == 0, caller: caller)
}

@_noLocks @_noAllocation
@c(coexist_core_tag_tid) @implementation
public func coexist_core_tag_tid(_ signal: Int32, _ tid: Int32, _ caller: UInt64) {
  Senders.tag(signal, ThreadPool.record(tid: tid), caller: caller)
}

@_noLocks @_noAllocation
@c(coexist_core_sent) @implementation
public func coexist_core_sent() { World.sent() }

@_noLocks @_noAllocation
@c(coexist_core_asked) @implementation
public func coexist_core_asked(_ kind: UInt32, _ key: Int32, _ caller: UInt64) {
  Causes.asked(coexist_cause(kind), key, by: Ownership.caller(caller))
}

@_noLocks @_noAllocation
@c(coexist_core_interval_timer) @implementation
public func coexist_core_interval_timer(_ which: Int32, _ arms: Int32, _ caller: UInt64) -> Int32 {
  IntervalTimers.place(UInt32(which), arms: arms < 0 ? nil : arms != 0, caller: caller)
}

@_noLocks @_noAllocation
@c(coexist_core_mask) @implementation
public func coexist_core_mask(
  _ how: Int32, _ set: UnsafePointer<UInt64>!, _ old: UnsafeMutablePointer<UInt64>!,
  _ caller: UInt64
) -> Int32 { NumberCalls.mask(how, set, old, caller: caller) }

@_noLocks @_noAllocation
@c(coexist_core_exec_begin) @implementation
public func coexist_core_exec_begin(
  _ exec: UnsafeMutablePointer<coexist_exec>!, _ caller: UnsafePointer<coexist_frame>!
) { exec.pointee = Exec.begin(caller.pointee) }

@_noLocks @_noAllocation
@c(coexist_core_exec_failed) @implementation
public func coexist_core_exec_failed(_ exec: UnsafePointer<coexist_exec>!) {
  Exec.undo(exec.pointee)
}

@_noLocks @_noAllocation
@c(coexist_core_spawn) @implementation
public func coexist_core_spawn(
  _ defaults: UnsafeMutablePointer<UInt64>!, _ mask: UnsafeMutablePointer<UInt64>!,
  _ caller: UnsafePointer<coexist_frame>!
) -> Int32 {
  defaults.pointee = Exec.defaults(caller.pointee)
  return Exec.hides(&mask.pointee, Ownership.caller(caller.pointee.pc)) ? 1 : 0
}

@_noLocks @_noAllocation
@c(coexist_core_jump) @implementation
public func coexist_core_jump(_ sp: UInt64, _ saved: Int32, _ hidden: UInt64) {
  Dispatches.jump(to: sp, hidden: saved != 0 ? hidden : nil)
  Donors.jump(to: sp)
}

@_noLocks @_noAllocation
@c(coexist_core_hidden) @implementation
public func coexist_core_hidden() -> UInt64 { Threads.current()?.pointee.hidden ?? 0 }

@_noLocks @_noAllocation
@c(coexist_core_jvm_previous) @implementation
public func coexist_core_jvm_previous(_ signal: Int32) -> UnsafeMutablePointer<sigaction>! {
  Jvm.previous(signal)
}

@_noLocks @_noAllocation
@c(coexist_core_called_previous) @implementation
public func coexist_core_called_previous(_ ucontext: UnsafeMutableRawPointer!) {
  Jvm.calledPrevious()
}

@_noLocks @_noAllocation
@c(coexist_core_dispatch) @implementation
public func coexist_core_dispatch(
  _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>!, _ ucontext: UnsafeMutableRawPointer!,
  _ frame: UInt64, _ loaded: UnsafeMutablePointer<coexist_donor>!
) -> coexist_next {
  if Dispatch.isCalled(signal, ucontext, frame: frame) {
    return coexist_next(jump: nil, base: loaded?.pointee.base ?? 0)
  }
  let target = Donors.target(signal)
  let jump = Dispatch.enter(
    signal, info, ucontext, frame: frame,
    bases: (UInt(bitPattern: loaded), UInt(bitPattern: target)))
  return coexist_next(jump: jump, base: Donors.base(for: jump, loaded: loaded, target: target))
}

@_noLocks @_noAllocation
@c(coexist_core_returned) @implementation
public func coexist_core_returned(
  _ ucontext: UnsafeMutableRawPointer!
) -> coexist_next {
  let (loaded, target) = Dispatch.bases(ucontext)
  let jump = Dispatch.returned(ucontext)
  return coexist_next(
    jump: jump,
    base: Donors.base(
      for: jump, loaded: Donor(bitPattern: loaded), target: Donor(bitPattern: target)))
}

@c(coexist_core_mapped) @implementation
public func coexist_core_mapped(
  _ low: UInt64, _ size: UInt64, _ protection: Int32, _ caller: UInt64
) {
  MaskCalls.catchUp()
  Memory.mapped(low, size, protection, caller)
}

@c(coexist_core_protected) @implementation
public func coexist_core_protected(
  _ low: UInt64, _ size: UInt64, _ protection: Int32, _ caller: UInt64
) {
  MaskCalls.catchUp()
  Memory.protected(low, size, protection, caller)
}

@c(coexist_core_unmapped) @implementation
public func coexist_core_unmapped(_ low: UInt64, _ size: UInt64) {
  MaskCalls.catchUp()
  Memory.unmapped(low, size)
}

@c(coexist_core_moved) @implementation
public func coexist_core_moved(
  _ low: UInt64, _ size: UInt64, _ newLow: UInt64, _ newSize: UInt64
) { Memory.moved(low, size, newLow, newSize) }

@c(coexist_core_loaded) @implementation
public func coexist_core_loaded() {
  State.changed()
  FrontOfChain.check()
  IntervalTimers.giveWay()
  Pipes.check()
  Children.check()
  SmallStacks.check()
  OpenedStacks.check()
  if Contexts.isActive { GuestModules.scan() }
  Libgc.look()
  Attaches.look()
  Ruby.look()
  Ocaml.look()
}

@c(coexist_core_unloaded) @implementation
public func coexist_core_unloaded() {
  Modules.sweep(Departures.left)
  State.changed()
  Libgc.look()
  Ocaml.look()
  if Contexts.isActive { GuestModules.sweep() }
}

@c(coexist_core_thread_prepare) @implementation
public func coexist_core_thread_prepare(
  _ start: (@convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?)!,
  _ argument: UnsafeMutableRawPointer!, _ caller: UInt64
) -> UnsafeMutablePointer<coexist_thread>! {
  MaskCalls.catchUp()
  Libgc.threadComes(caller: caller)
  Ruby.othersCome(caller: caller)
  Ocaml.hookAgain()
  guard let thread = Threads.prepare(caller: caller) else { return nil }
  thread.pointee.start = start
  thread.pointee.argument = argument
  return thread
}

@c(coexist_core_thread_discard) @implementation
public func coexist_core_thread_discard(_ thread: UnsafeMutablePointer<coexist_thread>!) {
  ThreadPool.give(thread)
}

@c(coexist_core_thread_started) @implementation
public func coexist_core_thread_started(
  _ thread: UnsafeMutablePointer<coexist_thread>!, _ low: UInt64, _ high: UInt64
) {
  // libc may have put the stack where a fiber's was, which free(3) gave back unseen.
  FiberStacks.gone(low, high)
  Threads.started(thread, low: low, high: high)
  Contexts.threadStarted(thread)
  AlternateStack.install(on: thread)
  Libgc.threadBegins(thread)
  Attaches.threadBegins(thread)
}

@c(coexist_core_thread_exited) @implementation
public func coexist_core_thread_exited(_ thread: UnsafeMutablePointer<coexist_thread>!) {
  Entered.leaveAll()
  Copies.threadEnded()
  Contexts.threadEnded(thread)
  Libgc.threadEnds(thread)
  Ocaml.threadEnds(thread)
  Threads.exited(thread)
}
