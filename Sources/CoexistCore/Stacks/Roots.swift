import CCoexist
import Synchronization

/// Everything that a collector must see besides its own heap and the program's data: the stack of
/// each thread from its true stack pointer, wherever that is, registers, thread-local blocks,
/// contexts, data of private namespaces.
enum Roots {
  typealias Thread = UnsafeMutablePointer<coexist_thread>

  private static let redZone = UInt64(COEXIST_REDZONE)
  /// How far above the stack pointer a stack goes on that nobody has told us about.
  private static let unknownStack: UInt64 = 1 &<< 20
  /// Marker threads get their number as argument, other threads of the collector a pointer
  /// (pthread_support.c, GC_start_mark_threads_inner).
  private static let markersMax: UInt = 4096

  /// The slot of who calls `coexist_roots_each`.
  private static let caller = UInt32(COEXIST_COLLECTOR_CALLER)
  private static let ruby = UInt32(COEXIST_COLLECTOR_RUBY)
  // coexist.h, COEXIST_ROOTS_PINS, …
  private static let pins: UInt32 = 1, contexts: UInt32 = 2, stacks: UInt32 = 4

  // MARK: Who is there

  /// Is the collector the only one that makes threads, and are all of them on stacks that it knows?
  /// Then it needs no help.
  static func isAlone(_ index: UInt32) -> Bool {
    let runtime = Libgc.copy(index).pointee.runtime
    guard let me = Threads.current(), isOn(me, coexist_stack_pointer()),
      coexist_state_tls(State.shared).pointee.contexts == 0,
      coexist_root_tables_at(index).pointee.segments == 0
    else { return false }
    var threads: UInt64 = 0
    var isAlone = true
    ThreadPool.forEach { thread in
      threads &+= 1
      if thread.pointee.creator != runtime, thread.pointee.registered & bit(index) == 0,
        thread.pointee.tid != coexist_getpid() || index == ruby
      {
        isAlone = false
      }
      for slot in 0..<thread.pointee.altstacks_used
      where coexist_thread_altstack(thread, slot)!.pointee.used != 0 {
        isAlone = false
      }
    }
    return isAlone && threads == coexist_tasks_count()
  }

  @_noLocks @_noAllocation
  private static func isOn(_ thread: Thread, _ sp: UInt64) -> Bool {
    sp >= thread.pointee.stack_low && sp < thread.pointee.stack_high
  }

  private static func isMarker(_ thread: Thread) -> Bool {
    guard let argument = thread.pointee.argument else {
      return thread.pointee.start != nil && isMadeByCollector(thread)
    }
    return UInt(bitPattern: argument) < markersMax && isMadeByCollector(thread)
  }

  private static func isMadeByCollector(_ thread: Thread) -> Bool {
    for index in 0..<UInt32(COEXIST_LIBGC_MAX) {
      let gc = Libgc.copy(index)
      if gc.pointee.map > 1, gc.pointee.runtime == thread.pointee.creator { return true }
    }
    return false
  }

  /// Its own threads a collector has stopped, or they wait outside of its world.
  private static func isOwn(_ thread: Thread, of index: UInt32) -> Bool {
    switch index {
    case caller: false
    case ruby:
      thread.pointee.creator == Libgc.copy(ruby).pointee.runtime
        || thread.pointee.registered & bit(ruby) != 0
    default: thread.pointee.known_to & bit(index) != 0 || isMadeByCollector(thread)
    }
  }

  // MARK: Stopping

  private static func stop(_ index: UInt32) {
    let gc = Libgc.copy(index)
    guard gc.pointee.holds == 0 else { return }
    coexist_stop_begin()
    gc.pointee.holds = 1
    coexist_index_begin()
    ThreadPool.forEach { coexist_index_put($0.pointee.tid, $0) }
    coexist_tasks_each { tid in
      guard tid != coexist_gettid() else { return }
      guard let thread = coexist_index_get(tid) else { return coexist_stop_ask(tid) }
      if !Roots.isOwn(thread, of: Libgc.holder) { coexist_stop_ask(tid) }
    }
    coexist_stop_wait()
    let line = Libgc.line(index)
    line.pointee.asked &+= coexist_stop_asked()
    line.pointee.silent &+= coexist_stop_silent()
    line.pointee.contexts = coexist_state_tls(State.shared).pointee.contexts
    line.pointee.segments = UInt64(coexist_root_tables_at(index).pointee.segments)
  }

  static func release(_ index: UInt32) {
    let gc = Libgc.copy(index)
    guard gc.pointee.holds != 0 else { return }
    gc.pointee.holds = 0
    coexist_stop_end()
  }

  // MARK: Pushing

  static func push(_ index: UInt32) {
    stop(index)
    coexist_with_registers({ sp, index in Roots.pushAll(sp, index) }, index)
  }

  /// For a collector that calls us: `coexist_roots_each`.
  static func each(_ which: UInt32, _ push: coexist_push) {
    coexist_roots_refresh(caller)
    Libgc.line(caller).pointee.present = 1
    count(&Libgc.line(caller).pointee.collections)
    Libgc.copy(caller).pointee.push_all_eager = push
    if which & stacks != 0 {
      stop(caller)
      coexist_with_registers({ sp, index in Roots.pushStacks(sp, index) }, caller)
      pushThreadLocal(caller)
    }
    if which & contexts != 0 { coexist_roots_contexts(caller, push) }
    if which & pins != 0 { Pins.push(push) }
    release(caller)
  }

  /// At `sp` lie this thread's registers, and above it its frames.
  private static func pushAll(_ sp: UInt64, _ index: UInt32) {
    let push = Libgc.copy(index).pointee.push_all_eager!
    pushStacks(sp, index)
    coexist_roots_contexts(index, push)
    for segment in 0..<coexist_root_tables_at(index).pointee.segments {
      let range = coexist_root_segment(index, segment)!.pointee
      coexist_roots_resident(range.low, range.high, push)
    }
    pushThreadLocal(index)
  }

  private static func pushStacks(_ sp: UInt64, _ index: UInt32) {
    // Ruby marks the stacks of its threads, this one's among them, and of its fibers.
    if index != ruby { pushStack(Threads.current(), sp, Libgc.copy(index).pointee.push_all_eager!) }
    coexist_tasks_each { tid in
      if tid != coexist_gettid() { Roots.pushTask(tid) }
    }
  }

  static func pushThreadLocal(_ index: UInt32) {
    let push = Libgc.copy(index).pointee.push_all_eager
    ThreadPool.forEach { thread in
      coexist_roots_thread_local(index, thread.pointee.thread_pointer, push)
    }
  }

  private static func pushTask(_ tid: Int32) {
    let index = Libgc.holder
    let push = Libgc.copy(index).pointee.push_all_eager!
    let thread = coexist_index_get(tid)
    if let thread, isMarker(thread) || (index == ruby && isOwn(thread, of: ruby)) { return }
    if let stopped = coexist_stopped_at(tid) {
      let registers = UInt(stopped.pointee.registers)
      push(
        UnsafeMutableRawPointer(bitPattern: registers),
        UnsafeMutableRawPointer(bitPattern: registers &+ UInt(COEXIST_REGISTERS) &* 8))
      return pushStack(thread, stopped.pointee.sp, push)
    }
    let isStopped = thread.map { $0.pointee.known_to & bit(index) != 0 } ?? false
    let sp = waitingPointer(tid, patience: isStopped ? 200 : 1)
    if sp != 0 { return pushStack(thread, sp, push) }
    // It runs and lets nobody stop it, or is about to wait: all that it has ever written.
    if let thread { pushWhole(thread, push) }
  }

  /// A thread that has answered the collector is about to wait in sigsuspend(2).
  private static func waitingPointer(_ tid: Int32, patience: Int) -> UInt64 {
    for round in 0..<patience {
      let sp = coexist_waiting_sp(tid)
      if sp != 0 { return sp }
      if round > 20 { coexist_sleep(50_000) } else { coexist_yield() }
    }
    return 0
  }

  private static func pushStack(_ thread: Thread?, _ sp: UInt64, _ push: coexist_push) {
    let from = (sp &- redZone) & ~7
    if let thread {
      if isOn(thread, sp) { return hand(from, thread.pointee.stack_high, push) }
      // Elsewhere: where it left its own stack we can't know.
      pushWhole(thread, push)
    }
    if coexist_context_stack(sp).high != 0 { return }  // pushed with the contexts
    let mapping = coexist_mapping_at(sp)
    coexist_roots_resident(from, min(mapping.high, sp &+ unknownStack), push)
  }

  private static func pushWhole(_ thread: Thread, _ push: coexist_push) {
    let low = max(thread.pointee.stack_low, thread.pointee.guard_high)
    coexist_roots_resident(low, thread.pointee.stack_high, push)
  }

  private static func hand(_ low: UInt64, _ high: UInt64, _ push: coexist_push) {
    push(
      UnsafeMutableRawPointer(bitPattern: UInt(low)),
      UnsafeMutableRawPointer(bitPattern: UInt(high)))
  }
}
