import CCoexist
import CCoexist.RCU
import Synchronization

/// Thread records: one per thread, in the same aligned block as its alternate stack.
enum Threads {
  @_noLocks @_noAllocation @inline(__always)
  static func current() -> UnsafeMutablePointer<coexist_thread>? { coexist_thread_self() }

  /// In the parent: a record for a thread that is about to be made. nil = no memory.
  static func prepare(caller: UInt64) -> UnsafeMutablePointer<coexist_thread>? {
    guard let thread = ThreadPool.take() else { return nil }
    let owner = Ownership.owner(of: caller)
    // std::thread and the like call from a system library: then the parent's runtime is meant.
    thread.pointee.creator =
      owner == Runtimes.system ? current()?.pointee.creator ?? Runtimes.app : owner
    // The kernel gives the new thread its parent's mask; what is hidden goes with it.
    if let parent = current() { coexist_copy_mask(thread, parent) }
    return thread
  }

  /// On the thread, before its first instruction.
  static func started(_ thread: UnsafeMutablePointer<coexist_thread>, low: UInt64, high: UInt64) {
    adopt(thread, tid: coexist_libc_tid(), low: low, high: high)
    coexist_set_maker(thread.pointee.creator)
  }

  /// On the thread, when nothing of the program runs on it any more.
  static func exited(_ thread: UnsafeMutablePointer<coexist_thread>) {
    var none = stack_t(ss_sp: nil, ss_flags: 2, ss_size: 0)
    _ = coexist_real_sigaltstack(&none, nil)
    coexist_thread_set_self(nil)
    countThreads(-1)
    ThreadLines.ended(thread)
    ThreadPool.give(thread)
  }

  /// The record of the thread that a signal interrupted. Its own alternate stack leads to it
  /// without thread-local storage, which may be another context's; a thread that we did not see
  /// begin gets a record here.
  @_noLocks @_noAllocation
  static func inHandler(
    _ ucontext: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<coexist_thread> {
    let stack = coexist_uc_stack(ucontext).pointee
    if stack.ss_size == Int(COEXIST_ALTSTACK_SIZE), let base = stack.ss_sp {
      let block = UInt(bitPattern: base) & ~UInt(COEXIST_BLOCK_SIZE &- 1)
      if let thread = UnsafeMutablePointer<coexist_thread>(bitPattern: block),
        thread.pointee.magic == COEXIST_THREAD_MAGIC,
        thread.pointee.altstack_low == UInt64(UInt(bitPattern: base))
      {
        return thread
      }
    }
    if let thread = current() { return thread }
    guard let thread = ThreadPool.take() else { coexist_out_of_memory() }
    thread.pointee.creator = Runtimes.app
    adopt(thread, tid: coexist_gettid(), low: 0, high: 0)
    return thread
  }

  @_noLocks @_noAllocation
  private static func adopt(
    _ thread: UnsafeMutablePointer<coexist_thread>, tid: Int32, low: UInt64, high: UInt64
  ) {
    thread.pointee.tid = tid
    thread.pointee.thread_pointer = coexist_thread_pointer()
    thread.pointee.stack_low = low
    thread.pointee.stack_high = high
    Guard.set(0, 0, thread)
    coexist_thread_set_self(thread)
    countThreads(1)
    ThreadLines.began(thread)
  }

  @_noLocks @_noAllocation
  private static func countThreads(_ change: Int64) {
    withUnsafeMutablePointer(to: &State.shared.pointee.threads) {
      _ = atomic($0).pointee.wrappingAdd(UInt64(bitPattern: change), ordering: .relaxed)
    }
  }

  /// In the child of fork: one thread, with a new id.
  static func forked() {
    State.shared.pointee.threads = 1
    guard let thread = current() else { return }
    thread.pointee.tid = coexist_gettid()
    // The child has no pending signals (fork(2)).
    thread.pointee.held_count = 0
    for signal in UInt32(1)...64 {
      coexist_thread_tag(thread, signal).pointee = 0
      coexist_process_tag(signal).pointee = 0
    }
    thread.pointee.line = 0
    ThreadLines.began(thread)
  }
}

/// Records of threads that have ended, for the next ones: a tagged lock-free stack. Blocks are
/// aligned, so the low bits of the head hold a counter against ABA.
enum ThreadPool {
  private static let tagMask = UInt64(COEXIST_BLOCK_SIZE) &- 1

  @_noLocks @_noAllocation
  static func take() -> UnsafeMutablePointer<coexist_thread>? {
    let head = word(COEXIST_WORD_FREE_THREADS)
    var top = head.pointee.load(ordering: .acquiring)
    while let thread = record(top) {
      let next = UInt64(UInt(bitPattern: thread.pointee.next_free))
      let result = head.pointee.compareExchange(
        expected: top, desired: tagged(next, after: top), ordering: .acquiringAndReleasing)
      if result.exchanged { return cleared(thread) }
      top = result.original
    }
    guard let fresh = coexist_block_map() else { return nil }
    makeKnown(fresh)
    return cleared(fresh)
  }

  @_noLocks @_noAllocation
  private static func makeKnown(_ fresh: UnsafeMutablePointer<coexist_thread>) {
    let known = word(COEXIST_WORD_KNOWN_THREADS)
    var top = known.pointee.load(ordering: .acquiring)
    while true {
      fresh.pointee.next_known = UnsafeMutablePointer(bitPattern: UInt(top))
      let result = known.pointee.compareExchange(
        expected: top, desired: UInt64(UInt(bitPattern: fresh)), ordering: .releasing)
      if result.exchanged { return }
      top = result.original
    }
  }

  /// The records of all living threads.
  static func forEach(_ body: (UnsafeMutablePointer<coexist_thread>) -> Void) {
    var thread = UnsafeMutablePointer<coexist_thread>(
      bitPattern: UInt(word(COEXIST_WORD_KNOWN_THREADS).pointee.load(ordering: .acquiring)))
    while let here = thread {
      if here.pointee.magic == COEXIST_THREAD_MAGIC, here.pointee.tid != 0 { body(here) }
      thread = here.pointee.next_known
    }
  }

  /// The record of a living thread by its kernel id. Blocks are never given back, so the list is
  /// safe to walk at any time.
  @_noLocks @_noAllocation
  static func record(tid: Int32) -> UnsafeMutablePointer<coexist_thread>? {
    var thread = UnsafeMutablePointer<coexist_thread>(
      bitPattern: UInt(word(COEXIST_WORD_KNOWN_THREADS).pointee.load(ordering: .acquiring)))
    while let here = thread {
      if here.pointee.magic == COEXIST_THREAD_MAGIC, here.pointee.tid == tid { return here }
      thread = here.pointee.next_known
    }
    return nil
  }

  /// Where the list of all records begins (`next_known`): for loops that may not call a closure.
  static var newest: UnsafeMutablePointer<coexist_thread>? {
    @_noLocks @_noAllocation get {
      UnsafeMutablePointer<coexist_thread>(
        bitPattern: UInt(word(COEXIST_WORD_KNOWN_THREADS).pointee.load(ordering: .acquiring)))
    }
  }

  /// All records ever made, used and free.
  static func forEachRecord(_ body: (UnsafeMutablePointer<coexist_thread>) -> Void) {
    var thread = UnsafeMutablePointer<coexist_thread>(
      bitPattern: UInt(word(COEXIST_WORD_KNOWN_THREADS).pointee.load(ordering: .acquiring)))
    while let here = thread {
      body(here)
      thread = here.pointee.next_known
    }
  }

  @_noLocks @_noAllocation
  static func give(_ thread: UnsafeMutablePointer<coexist_thread>) {
    let head = word(COEXIST_WORD_FREE_THREADS)
    thread.pointee.magic = 0
    var top = head.pointee.load(ordering: .acquiring)
    while true {
      thread.pointee.next_free = record(top)
      let result = head.pointee.compareExchange(
        expected: top, desired: tagged(UInt64(UInt(bitPattern: thread)), after: top),
        ordering: .acquiringAndReleasing)
      if result.exchanged { return }
      top = result.original
    }
  }

  @_noLocks @_noAllocation
  private static func record(_ head: UInt64) -> UnsafeMutablePointer<coexist_thread>? {
    UnsafeMutablePointer(bitPattern: UInt(head & ~tagMask))
  }

  @_noLocks @_noAllocation
  private static func tagged(_ address: UInt64, after top: UInt64) -> UInt64 {
    address | ((top &+ 1) & tagMask)
  }

  @_noLocks @_noAllocation
  private static func cleared(
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UnsafeMutablePointer<coexist_thread> {
    coexist_thread_clear(thread)
    thread.pointee.magic = COEXIST_THREAD_MAGIC
    thread.pointee.altstack_low =
      UInt64(UInt(bitPattern: thread))
      &+ UInt64(COEXIST_RECORD_SIZE &+ COEXIST_GUARD_SIZE)
    return thread
  }
}
