import CCoexist
import Synchronization

/// Pools that wait for each other: a thread of another runtime waits for a task that no thread of
/// its pool can begin, since all of them wait for threads like this one. Then the pool gets threads
/// of ours. Who waits looks itself, each 20 ms one of them.
enum TaskWatch {
  typealias Thread = UnsafeMutablePointer<coexist_thread>
  private static let patience: UInt64 = 100  // steps in which nobody has moved

  /// The thread waits for a task of the runtime that owns the code. The pool's own threads and the
  /// program's may wait as they like: no task of another runtime depends on them.
  static func waitBegins(_ code: UInt64) -> Bool {
    guard let me = Threads.current(), me.pointee.creator >= Runtimes.first else { return false }
    let runtime = Ownership.owner(of: code)
    let isOther =
      State.runtime(me.pointee.creator).pointee.catalogue
      != State.runtime(runtime).pointee.catalogue
    guard isOther || me.pointee.is_added != 0 else { return false }
    waits(me, for: runtime)
    _ = word(COEXIST_WORD_TASK_WAITS).pointee.wrappingAdd(1, ordering: .relaxed)
    return true
  }

  static func waitEnds() {
    if let me = Threads.current() { waits(me, for: 0) }
    _ = word(COEXIST_WORD_TASK_WAITS).pointee.wrappingSubtract(1, ordering: .relaxed)
  }

  /// In the child of fork nobody else waits.
  static func forked() {
    word(COEXIST_WORD_TASK_WAITS).pointee.store(0, ordering: .relaxed)
  }

  /// How many threads the pool lacks.
  static func missing(_ complete: @convention(c) (UnsafeMutableRawPointer?) -> Int32) -> Int32 {
    guard isMyTurn() else { return 0 }
    _ = word(COEXIST_WORD_TASK_TICK).pointee.wrappingAdd(1, ordering: .relaxed)
    guard nobodyMoves() else {
      word(COEXIST_WORD_TASK_STILL).pointee.store(0, ordering: .relaxed)
      return 0
    }
    let waits = word(COEXIST_WORD_TASK_WAITS).pointee.load(ordering: .relaxed)
    let lacks = min(Tasks.overdue(complete), waits)
    if lacks > 0 {
      added(lacks)
    } else if word(COEXIST_WORD_TASK_STILL).pointee.wrappingAdd(1, ordering: .relaxed).newValue
      == patience
    {
      report("W402", COEXIST_LOG_WARN, added: 0, "and there is none that others could begin")
    }
    return Int32(truncatingIfNeeded: lacks)
  }

  static var isStill: Bool { word(COEXIST_WORD_TASK_STILL).pointee.load(ordering: .relaxed) > 0 }

  static var makerBase: UInt64 {
    guard let me = Threads.current(), me.pointee.creator >= Runtimes.first else { return 0 }
    return State.runtime(me.pointee.creator).pointee.base
  }

  static func failed() { report("W402", COEXIST_LOG_WARN, added: 0, "no thread could be added") }

  private static func isMyTurn() -> Bool {
    let now = coexist_clock_ns(1)
    let last = word(COEXIST_WORD_TASK_WATCH).pointee.load(ordering: .relaxed)
    guard now &- last >= UInt64(COEXIST_TASK_STEP_NS) else { return false }
    return word(COEXIST_WORD_TASK_WATCH).pointee.compareExchange(
      expected: last, desired: now, ordering: .acquiringAndReleasing
    ).exchanged
  }

  /// Do all threads that run tasks sleep where they slept at the last step?
  private static func nobodyMoves() -> Bool {
    var moves = false
    ThreadPool.forEach { thread in
      guard thread.pointee.tasks > 0 else {
        thread.pointee.asleep = 0
        return
      }
      var sp: UInt64 = 0
      let place = coexist_asleep(thread.pointee.tid, &sp)
      if place == 0 || place != thread.pointee.asleep {
        moves = true
        ThreadLines.waits(thread, for: 0)
      }
      thread.pointee.asleep = place
    }
    return !moves
  }

  // MARK: Who waits for whom

  private static func waits(_ thread: Thread, for runtime: UInt32) {
    thread.pointee.waits_for = runtime == 0 ? 0 : runtime &+ 1
    ThreadLines.waits(thread, for: runtime)
  }

  private static func added(_ count: UInt64) {
    let all = word(COEXIST_WORD_TASK_ADDED).pointee.wrappingAdd(count, ordering: .relaxed)
    // The first time, and whenever their number has doubled.
    if all.oldValue == 0 || all.oldValue.leadingZeroBitCount != all.newValue.leadingZeroBitCount {
      report("W401", COEXIST_LOG_INFO, added: all.newValue, " were added")
    }
  }

  private static func report(
    _ code: StaticString, _ level: coexist_log_level, added: UInt64, _ end: StaticString
  ) {
    var asleep: UInt64 = 0
    var holder: UInt32 = 0
    var waiter: Int32 = 0
    var maker: UInt32 = 0
    var pool: UInt32 = 0
    ThreadPool.forEach { thread in
      if thread.pointee.waits_for != 0 {
        waiter = thread.pointee.tid
        maker = thread.pointee.creator
        pool = thread.pointee.waits_for &- 1
      }
      guard thread.pointee.tasks > 0 else { return }
      asleep &+= 1
      let runtime = sleepsIn(thread)
      guard runtime >= Runtimes.first else { return }
      holder = runtime
      ThreadLines.waits(thread, for: runtime)
    }
    Warnings.add(code, level: level) { text in
      text.add("all ")
      text.add(decimal: Int64(asleep))
      text.add(" threads with tasks of ")
      text.add(name: Runtimes.runtimeName(pool))
      text.add(" wait in ")
      text.add(name: Runtimes.runtimeName(holder))
      text.add(", and thread ")
      text.add(decimal: Int64(waiter))
      text.add(" of ")
      text.add(name: Runtimes.runtimeName(maker))
      text.add(" for a task that none of them can begin; ")
      if added > 0 { text.add(decimal: Int64(bitPattern: added)) }
      text.add(end)
    }
  }

  /// The runtime whose code called what the thread sleeps in: the innermost on its stack.
  private static func sleepsIn(_ thread: Thread) -> UInt32 {
    var sp: UInt64 = 0
    guard coexist_asleep(thread.pointee.tid, &sp) != 0, sp & 7 == 0,
      sp >= thread.pointee.stack_low, sp < thread.pointee.stack_high
    else { return 0 }
    let high = min(thread.pointee.stack_high, sp &+ 8192)
    while sp &+ 8 <= high {
      let value = UnsafePointer<UInt64>(bitPattern: UInt(sp))!.pointee
      sp &+= 8
      // A return address lies in code; the stack and the heap have no owner that matters.
      let owner = value > 65536 ? Ownership.owner(of: value) : 0
      if owner >= Runtimes.first { return owner }
    }
    return 0
  }
}
