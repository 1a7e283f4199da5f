import CCoexist

// What preload/tls.c, preload/fiber.c and their assembly call, one line each.

@c(coexist_core_tls_address) @implementation
public func coexist_core_tls_address(_ index: UnsafePointer<UInt64>!, _ sp: UInt64) -> UInt64 {
  Blocks.address(index, sp: sp)
}

@c(coexist_core_stack_announced) @implementation
public func coexist_core_stack_announced(_ low: UInt64, _ high: UInt64, _ caller: UInt64) {
  FiberStacks.announce(low, high, caller: caller)
  Ruby.othersCome(caller: caller)
}

@c(coexist_core_stack_ended) @implementation
public func coexist_core_stack_ended(_ sp: UInt64) { FiberStacks.ended(sp) }

@c(coexist_core_stack_gone) @implementation
public func coexist_core_stack_gone(_ low: UInt64, _ high: UInt64) { FiberStacks.gone(low, high) }

@c(coexist_core_stack_mapped) @implementation
public func coexist_core_stack_mapped(_ low: UInt64, _ size: UInt64, _ caller: UInt64) {
  MappedStacks.mapped(low, size, caller: caller)
}

@c(coexist_core_stack_guarded) @implementation
public func coexist_core_stack_guarded(_ low: UInt64, _ size: UInt64) {
  MappedStacks.guarded(low, size)
}

@c(coexist_core_stack_switch) @implementation
public func coexist_core_stack_switch(_ from: UInt64, _ to: UInt64) {
  Switch.stacks(from: from, to: to)
}

@c(coexist_core_key_made) @implementation
public func coexist_core_key_made(
  _ key: UInt32, _ destructor: (@convention(c) (UnsafeMutableRawPointer?) -> Void)!,
  _ place: UInt64, _ caller: UInt64
) { Keys.made(key, destructor, place: place, caller: caller) }

@c(coexist_core_key_deleted) @implementation
public func coexist_core_key_deleted(_ key: UInt32) { Keys.deleted(key) }

@c(coexist_core_keys_held) @implementation
public func coexist_core_keys_held() -> Int32 { Keys.areHeld ? 1 : 0 }

@c(coexist_core_key_get) @implementation
public func coexist_core_key_get(
  _ key: UInt32, _ sp: UInt64, _ value: UnsafeMutablePointer<UnsafeMutableRawPointer?>!
) -> Int32 {
  guard let place = Keys.place(key, sp: sp, making: false) else { return 0 }
  value.pointee = UnsafeMutableRawPointer(bitPattern: UInt(place.0))
  return 1
}

@c(coexist_core_key_set) @implementation
public func coexist_core_key_set(
  _ key: UInt32, _ sp: UInt64, _ value: UnsafeRawPointer!
) -> Int32 {
  guard let slot = Keys.place(key, sp: sp, making: true)?.1 else { return 0 }
  slot.pointee = UInt64(UInt(bitPattern: value))
  return 1
}

@c(coexist_core_thread_atexit) @implementation
public func coexist_core_thread_atexit(
  _ function: (@convention(c) (UnsafeMutableRawPointer?) -> Void)!,
  _ object: UnsafeMutableRawPointer!, _ dso: UnsafeMutableRawPointer!, _ sp: UInt64
) -> Int32 { Destructors.add(function, object, dso: dso, sp: sp) ? 1 : 0 }

@c(coexist_core_context_create) @implementation
public func coexist_core_context_create(
  _ caller: UInt64
) -> UnsafeMutablePointer<coexist_context>! {
  Entered.create(
    for: COEXIST_HOST_EXPLICIT, maker: Ownership.caller(caller), isBiased: true)
}

@c(coexist_core_context_enter) @implementation
public func coexist_core_context_enter(
  _ context: UnsafeMutablePointer<coexist_context>!
) -> Int32 { Entered.enter(context) }

@c(coexist_core_context_leave) @implementation
public func coexist_core_context_leave(
  _ context: UnsafeMutablePointer<coexist_context>!
) -> Int32 { Entered.leave(context) }

@c(coexist_core_context_load) @implementation
public func coexist_core_context_load(
  _ context: UnsafeMutablePointer<coexist_context>!
) { Entered.load(context) }

@c(coexist_core_context_destroy) @implementation
public func coexist_core_context_destroy(
  _ context: UnsafeMutablePointer<coexist_context>!
) -> Int32 { Entered.destroy(context) }

@c(coexist_core_context_current) @implementation
public func coexist_core_context_current(
  _ sp: UInt64
) -> UnsafeMutablePointer<coexist_context>! {
  let me = coexist_tls_me()!
  return me.pointee.entered ?? (Contexts.isActive ? Identity.context(sp, me) : nil)
}

@c(coexist_core_context_stack) @implementation
public func coexist_core_context_stack(
  _ context: UnsafeMutablePointer<coexist_context>!, _ size: UInt64
) -> UInt64 { Entered.stack(context, size) }

@c(coexist_core_stack_begin) @implementation
public func coexist_core_stack_begin(_ context: UnsafeMutablePointer<coexist_context>!) {
  context.pointee.on_stack = 1
}

@c(coexist_core_stack_end) @implementation
public func coexist_core_stack_end(_ context: UnsafeMutablePointer<coexist_context>!) {
  context.pointee.on_stack = 0
}

@c(coexist_core_donor_make) @implementation
public func coexist_core_donor_make(
  _ context: UnsafeMutablePointer<coexist_context>!
) -> UnsafeMutablePointer<coexist_donor>! {
  Needs.allAreHidden()
  return Donors.make(for: context)
}

@c(coexist_core_donor_begins) @implementation
public func coexist_core_donor_begins(_ donor: UnsafeMutablePointer<coexist_donor>!) {
  Donors.begins(donor)
}

@c(coexist_core_donor_ends) @implementation
public func coexist_core_donor_ends(_ donor: UnsafeMutablePointer<coexist_donor>!) {
  Donors.ends(donor)
}

@c(coexist_core_donor_enter) @implementation
public func coexist_core_donor_enter(_ donor: UnsafeMutablePointer<coexist_donor>!) -> Int32 {
  Donors.enter(donor)
}

@c(coexist_core_donor_leave) @implementation
public func coexist_core_donor_leave(_ donor: UnsafeMutablePointer<coexist_donor>!) {
  Donors.leave(donor)
}

@c(coexist_core_donor_leave_all) @implementation
public func coexist_core_donor_leave_all() { Donors.leaveAll() }

@c(coexist_core_donor_named) @implementation
public func coexist_core_donor_named(_ id: pthread_t) -> UnsafeMutablePointer<coexist_donor>! {
  Donors.named(UInt64(id))
}

@c(coexist_core_module_policy) @implementation
public func coexist_core_module_policy(
  _ library: UnsafePointer<CChar>!, _ policy: UInt32
) -> Int32 { Policy.ask(library, policy) }

@c(coexist_core_unloading) @implementation
public func coexist_core_unloading() { if Contexts.isActive { GuestModules.letGo() } }

@c(coexist_core_tasks_matter) @implementation
public func coexist_core_tasks_matter() -> Int32 { Tasks.matter ? 1 : 0 }

@c(coexist_core_task_starts) @implementation
public func coexist_core_task_starts(
  _ handle: UnsafeMutableRawPointer!,
  _ resume: (@convention(c) (UnsafeMutableRawPointer?) -> Void)!, _ isPinned: Int32
) -> UnsafeMutableRawPointer! { Tasks.starts(handle, resume, isPinned: isPinned != 0) }

@c(coexist_core_task_suspends) @implementation
public func coexist_core_task_suspends(
  _ handle: UnsafeMutableRawPointer!,
  _ resume: (@convention(c) (UnsafeMutableRawPointer?) -> Void)!,
  _ chain: UnsafeMutableRawPointer!
) -> UnsafeMutableRawPointer! { Tasks.suspends(handle, resume, chain) }

@c(coexist_core_task_begin) @implementation
public func coexist_core_task_begin(_ queued: UnsafeMutableRawPointer!) -> coexist_resumed {
  Tasks.begin(queued)
}

@c(coexist_core_task_end) @implementation
public func coexist_core_task_end(_ task: coexist_resumed) { Tasks.end(task) }

@c(coexist_core_task_wait_begin) @implementation
public func coexist_core_task_wait_begin(_ code: UInt64) -> Int32 {
  TaskWatch.waitBegins(code) ? 1 : 0
}

@c(coexist_core_task_wait_end) @implementation
public func coexist_core_task_wait_end() { TaskWatch.waitEnds() }

@c(coexist_core_tasks_missing) @implementation
public func coexist_core_tasks_missing(
  _ complete: (@convention(c) (UnsafeMutableRawPointer?) -> Int32)!
) -> Int32 { TaskWatch.missing(complete) }

@c(coexist_core_tasks_still) @implementation
public func coexist_core_tasks_still() -> Int32 { TaskWatch.isStill ? 1 : 0 }

@c(coexist_core_maker_base) @implementation
public func coexist_core_maker_base() -> UInt64 { TaskWatch.makerBase }

@c(coexist_core_runtime_base) @implementation
public func coexist_core_runtime_base(_ name: UnsafePointer<CChar>!) -> UInt64 {
  Runtimes.named(name).map { State.runtime($0).pointee.base } ?? 0
}

@c(coexist_core_task_take) @implementation
public func coexist_core_task_take(_ task: UnsafeMutablePointer<coexist_resumed>!) -> Int32 {
  guard let found = Tasks.takeOverdue() else { return 0 }
  task.pointee = found
  return 1
}

@c(coexist_core_task_thread_failed) @implementation
public func coexist_core_task_thread_failed() { TaskWatch.failed() }

@c(coexist_core_virtual_threads_matter) @implementation
public func coexist_core_virtual_threads_matter(_ machine: UInt64) -> Int32 {
  VirtualThreads.matter(machine) ? 1 : 0
}

@c(coexist_core_virtual_thread_mounted) @implementation
public func coexist_core_virtual_thread_mounted(
  _ context: UnsafeMutablePointer<coexist_context>!
) -> UnsafeMutablePointer<coexist_context>! { VirtualThreads.mounted(context) }

@c(coexist_core_virtual_thread_unmounted) @implementation
public func coexist_core_virtual_thread_unmounted() { VirtualThreads.unmounted() }

@c(coexist_core_virtual_thread_ended) @implementation
public func coexist_core_virtual_thread_ended(
  _ context: UnsafeMutablePointer<coexist_context>!
) { VirtualThreads.ended(context) }
