import CCoexist
import Synchronization

/// A thread that keeps every signal out past libc never answers the runtime that stops the world,
/// which waits for it for ever. So whoever sends such a signal to a thread that its runtime has not
/// made is looked after: what has not arrived at the second look is let in by the kernel's tracer.
enum Stragglers {
  private static let pause: Int64 = 20_000_000  // nanoseconds between two looks
  /// Before: a thread that is being made or ends is closed too, for a moment.
  private static let looksBefore: UInt64 = 1
  /// The kernel refuses a thread that ends, too; that one is gone by then.
  private static let looksBeforeTold: UInt64 = 50

  /// A runtime's signal to stop is about to be sent to this thread.
  @_noLocks @_noAllocation
  static func asked(
    _ thread: UnsafeMutablePointer<coexist_thread>, by runtime: UInt32, _ signal: Int32
  ) {
    guard thread.pointee.creator != runtime else { return }
    _ = word(COEXIST_WORD_STRAGGLERS_SIGNALS).pointee.bitwiseOr(
      signalBit(signal), ordering: .relaxed)
    let before = word(COEXIST_WORD_STRAGGLERS).pointee.bitwiseOr(
      bit(runtime), ordering: .acquiringAndReleasing
    ).oldValue
    guard before == 0 else { return }
    word(COEXIST_WORD_STRAGGLERS_LOOKS).pointee.store(0, ordering: .relaxed)
    coexist_alarm_set(pause)
  }

  /// It lets its threads go on, so all have answered.
  @_noLocks @_noAllocation
  static func released(by runtime: UInt32) {
    let waiting = word(COEXIST_WORD_STRAGGLERS)
    guard waiting.pointee.load(ordering: .relaxed) & bit(runtime) != 0 else { return }
    let left = waiting.pointee.bitwiseAnd(~bit(runtime), ordering: .acquiringAndReleasing).newValue
    if left == 0 { coexist_alarm_set(0) }
  }

  /// In the handler of the alarm, on the thread that waits.
  @_noLocks @_noAllocation
  static func look() {
    let signals = word(COEXIST_WORD_STRAGGLERS_SIGNALS).pointee.load(ordering: .relaxed)
    let looks = word(COEXIST_WORD_STRAGGLERS_LOOKS).pointee.wrappingAdd(1, ordering: .relaxed)
    var isWaited = false
    var next = ThreadPool.newest
    while let thread = next {
      next = thread.pointee.next_known
      guard thread.pointee.magic == COEXIST_THREAD_MAGIC, thread.pointee.tid != 0,
        thread.pointee.tid != coexist_gettid()
      else { continue }
      var seen = coexist_task_signals(pending: 0, blocked: 0)
      let tid = thread.pointee.tid
      guard coexist_task_signals(tid, &seen) != 0, seen.pending & seen.blocked & signals != 0
      else { continue }
      isWaited = true
      if looks.newValue > looksBefore { open(thread, seen.blocked & signals, looks.newValue) }
    }
    // Some restart theirs without a signal.
    if !isWaited {
      word(COEXIST_WORD_STRAGGLERS).pointee.store(0, ordering: .releasing)
      coexist_alarm_set(0)
    }
  }

  @_noLocks @_noAllocation
  private static func open(
    _ thread: UnsafeMutablePointer<coexist_thread>, _ signals: UInt64, _ looks: UInt64
  ) {
    let error = coexist_trace_open(thread.pointee.tid, signals)
    // Said once of each stop; its thread may also be in vfork(2), or have ended.
    guard error == notPermitted, looks == looksBeforeTold else { return }
    Warnings.add("W208", level: COEXIST_LOG_WARN) {
      let waiting = word(COEXIST_WORD_STRAGGLERS).pointee.load(ordering: .relaxed)
      $0.add(name: Runtimes.runtimeName(UInt32(waiting.trailingZeroBitCount) & 63))
      $0.add(" waits for thread ")
      $0.add(decimal: Int64(thread.pointee.tid))
      $0.add(" of ")
      $0.add(name: Runtimes.runtimeName(thread.pointee.creator))
      $0.add(", which keeps signal ")
      $0.add(decimal: Int64(signals.trailingZeroBitCount &+ 1))
      $0.add(" out by a raw system call, and whose mask the kernel does not let us open")
    }
  }
  private static let notPermitted: Int32 = 1  // EPERM

  static func forked() {
    word(COEXIST_WORD_STRAGGLERS).pointee.store(0, ordering: .relaxed)
    coexist_trace_forked()
  }
}
