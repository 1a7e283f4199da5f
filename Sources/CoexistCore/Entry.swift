import CCoexist

// Every function that preload/ calls, one line each: the way into the folders of the core. Types
// are checked against entry.h by the compiler.

@c(coexist_core_start) @implementation
public func coexist_core_start() { Start.run() }

@c(coexist_core_forked) @implementation
public func coexist_core_forked() { Start.forked() }

@_noLocks @_noAllocation
@c(coexist_core_sigaction) @implementation
public func coexist_core_sigaction(
  _ signal: Int32, _ act: UnsafePointer<sigaction>!, _ old: UnsafeMutablePointer<sigaction>!,
  _ caller: UInt64
) -> Int32 { SignalCalls.sigaction(signal, act, old, caller: caller) }

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
@c(coexist_core_tag_thread) @implementation
public func coexist_core_tag_thread(_ signal: Int32, _ thread: UInt64, _ caller: UInt64) {
  Senders.tag(signal, UnsafeMutablePointer(bitPattern: UInt(thread)), caller: caller)
}

@_noLocks @_noAllocation
@c(coexist_core_tag_tid) @implementation
public func coexist_core_tag_tid(_ signal: Int32, _ tid: Int32, _ caller: UInt64) {
  Senders.tag(signal, ThreadPool.record(tid: tid), caller: caller)
}

@_noLocks @_noAllocation
@c(coexist_core_timer_created) @implementation
public func coexist_core_timer_created(_ id: Int32, _ caller: UInt64) {
  Timers.created(id, owner: Ownership.caller(caller))
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
) -> Int32 { MaskCalls.change(how, set, old, caller: caller) }

@_noLocks @_noAllocation
@c(coexist_core_wait_begin) @implementation
public func coexist_core_wait_begin(
  _ mask: UInt64, _ caller: UInt64, _ before: UnsafeMutablePointer<UInt64>!
) -> UInt64 { Waits.begin(mask, caller: caller, before: before) }

@_noLocks @_noAllocation
@c(coexist_core_wait_end) @implementation
public func coexist_core_wait_end(_ before: UnsafePointer<UInt64>!) { Waits.end(before) }

@_noLocks @_noAllocation
@c(coexist_core_woken_by_others) @implementation
public func coexist_core_woken_by_others() -> Int32 { Waits.wokenByOthers() ? 1 : 0 }

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
  _ frame: UInt64
) -> UnsafeMutablePointer<coexist_jump>! { Dispatch.enter(signal, info, ucontext, frame: frame) }

@_noLocks @_noAllocation
@c(coexist_core_returned) @implementation
public func coexist_core_returned(
  _ ucontext: UnsafeMutableRawPointer!
) -> UnsafeMutablePointer<coexist_jump>! { Dispatch.returned(ucontext) }

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
  FrontOfChain.check()
  IntervalTimers.giveWay()
  if Contexts.isActive { GuestModules.scan() }
  Libgc.look()
  Mono.look()
}

@c(coexist_core_unloaded) @implementation
public func coexist_core_unloaded() {
  Modules.sweep(Departures.left)
  Libgc.look()
  if Contexts.isActive { GuestModules.sweep() }
}

@c(coexist_core_thread_prepare) @implementation
public func coexist_core_thread_prepare(
  _ start: (@convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?)!,
  _ argument: UnsafeMutableRawPointer!, _ caller: UInt64
) -> UnsafeMutablePointer<coexist_thread>! {
  MaskCalls.catchUp()
  Libgc.threadComes(caller: caller)
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
  AlternateStack.install(on: thread)
  Libgc.threadBegins(thread)
  Mono.threadBegins(thread)
}

@c(coexist_core_thread_exited) @implementation
public func coexist_core_thread_exited(_ thread: UnsafeMutablePointer<coexist_thread>!) {
  Entered.leaveAll()
  Copies.threadEnded()
  Libgc.threadEnds(thread)
  Threads.exited(thread)
}

@c(coexist_core_container_begin) @implementation
public func coexist_core_container_begin(
  _ name: UnsafePointer<CChar>!, _ library: UnsafePointer<CChar>!, _ isolation: UInt32,
  _ flags: UInt32, _ spacesUsed: UInt32, _ why: UnsafeMutablePointer<CChar>!, _ size: Int
) -> UInt64 {
  var text = Text(why, size: size)
  return Opening.begin(
    name: name, library: library, isolation: isolation, flags: flags, spacesUsed: spacesUsed,
    why: &text)
}

@c(coexist_core_container_opened) @implementation
public func coexist_core_container_opened(
  _ id: UInt64, _ root: UInt64, _ target: UInt64, _ space: Int64
) { Opening.opened(id, root: root, target: target, space: space) }

@c(coexist_core_container_forget) @implementation
public func coexist_core_container_forget(_ id: UInt64) {
  if let record = Containers.find(id) { Containers.give(record) }
}

@c(coexist_core_container_find) @implementation
public func coexist_core_container_find(
  _ id: UInt64
) -> UnsafeMutablePointer<coexist_container_record>! { Containers.find(id) }

@c(coexist_core_container_in) @implementation
public func coexist_core_container_in(
  _ space: Int64
) -> UnsafeMutablePointer<coexist_container_record>! { Containers.inside(space) }

@c(coexist_core_container_seal) @implementation
public func coexist_core_container_seal(_ id: UInt64) -> Int32 {
  guard let record = Containers.find(id),
    record.pointee.state == COEXIST_CONTAINER_OPEN.rawValue
  else { return -1 }
  Containers.setState(record, COEXIST_CONTAINER_SEALED)
  return 0
}

@c(coexist_core_container_closing) @implementation
public func coexist_core_container_closing(
  _ id: UInt64, _ lastTry: Int32, _ why: UnsafeMutablePointer<CChar>!, _ size: Int
) -> UInt32 {
  var text = Text(why, size: size)
  return Closing.step(id, lastTry: lastTry != 0, why: &text).rawValue
}

@c(coexist_core_container_stuck) @implementation
public func coexist_core_container_stuck(
  _ id: UInt64, _ object: UnsafePointer<CChar>!, _ why: UnsafeMutablePointer<CChar>!, _ size: Int
) {
  var text = Text(why, size: size)
  Closing.stuck(id, object: object, why: &text)
}

@c(coexist_core_container_pinned) @implementation
public func coexist_core_container_pinned(
  _ id: UInt64, _ object: UnsafePointer<CChar>!, _ reason: UnsafePointer<CChar>!,
  _ why: UnsafeMutablePointer<CChar>!, _ size: Int
) {
  var text = Text(why, size: size)
  Closing.pinned(id, object: object, reason: reason, why: &text)
}
