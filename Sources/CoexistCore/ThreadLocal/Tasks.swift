import CCoexist
import Synchronization

/// Identity by task: coroutines without a stack of their own run on whatever thread resumes them,
/// so an adapter tells when. Each has a context from its first step to its last.
enum Tasks {
  typealias Resume = @convention(c) (UnsafeMutableRawPointer?) -> Void

  /// Is there a guest whose state would be another task's? Else tasks cost nothing.
  static var matter: Bool {
    Contexts.activate()
    if Copies.isUsed { return true }
    for id in 1..<max(GuestModules.count, 1) {
      guard let module = GuestModules.known(id) else { continue }
      if module.pointee.policy == COEXIST_TLS_POLICY_CONTEXT.rawValue
        || module.pointee.policy == COEXIST_TLS_POLICY_ENTERED.rawValue
      {
        return true
      }
    }
    return false
  }

  /// What the runtime's queue is to hold in the coroutine's place; nil = no memory.
  static func starts(
    _ handle: UnsafeMutableRawPointer, _ resume: Resume?, isPinned: Bool
  ) -> UnsafeMutableRawPointer? { keep(handle, resume, nil, chain: nil, isPinned: isPinned) }

  /// The thread lets go of the task before the host hands it over: from there on another thread may
  /// resume it, while this one is still on its way out.
  static func suspends(
    _ handle: UnsafeMutableRawPointer, _ resume: Resume?, _ chain: UnsafeMutableRawPointer?
  ) -> UnsafeMutableRawPointer? {
    let me = coexist_tls_me()!
    guard let context = me.pointee.task, me.pointee.entered == context else {
      return keep(handle, resume, nil, chain: chain, isPinned: false)
    }
    me.pointee.task = nil
    ContextLines.suspended(context)
    _ = Entered.leave(context)
    let queued = keep(handle, resume, context, chain: chain, isPinned: false)
    if queued == nil { _ = Entered.destroy(context) }
    return queued
  }

  static func begin(_ queued: UnsafeMutableRawPointer) -> coexist_resumed {
    let task = queued.assumingMemoryBound(to: coexist_task.self)
    let bucket = lockedBucket(task)
    let isTaken = task.pointee.taken != 0
    if !isTaken { unlink(task, bucket) }
    let found = task.pointee
    unlock(bucket)
    Pool.give(queued, UInt64(MemoryLayout<coexist_task>.size))
    return isTaken ? nothing() : enter(found)
  }

  /// Returned without suspending: the task is over.
  static func end(_ resumed: coexist_resumed) {
    let me = coexist_tls_me()!
    if let context = resumed.context, me.pointee.task == context, Entered.leave(context) == 0 {
      _ = Entered.destroy(context)
    }
    me.pointee.task = resumed.before
    if let thread = Threads.current() {
      thread.pointee.tasks &-= 1
      ThreadLines.waits(thread, for: 0)
    }
  }

  private static func enter(_ task: coexist_task) -> coexist_resumed {
    let me = coexist_tls_me()!
    if let thread = Threads.current() { thread.pointee.tasks &+= 1 }
    let before = me.pointee.task
    let context = task.context ?? Entered.create(for: COEXIST_HOST_TASK)
    if let context, Entered.enter(context) == 0 {
      me.pointee.task = context
      ContextLines.resumed(context)
    }
    return coexist_resumed(
      resume: task.resume, handle: task.handle, context: context, before: before)
  }

  private static func nothing() -> coexist_resumed {
    if let thread = Threads.current() { thread.pointee.tasks &+= 1 }
    return coexist_resumed(
      resume: nil, handle: nil, context: nil, before: coexist_tls_me()!.pointee.task)
  }

  // MARK: Those that no thread begins

  /// Takes a task away from the runtime's queue, which finds our record empty later.
  static func takeOverdue() -> coexist_resumed? {
    var taken: coexist_task?
    forEachOverdue { task, bucket in
      guard taken == nil, task.pointee.chain == nil else { return }
      task.pointee.taken = 1
      unlink(task, bucket)
      taken = task.pointee
    }
    guard let taken else { return nil }
    if let thread = Threads.current() { thread.pointee.is_added = 1 }
    return enter(taken)
  }

  /// How many wait for nothing but a thread since two steps of the watch. `complete`: has what a
  /// task awaits been completed, so that it waits for a thread, too?
  static func overdue(_ complete: @convention(c) (UnsafeMutableRawPointer?) -> Int32) -> UInt64 {
    var count: UInt64 = 0
    forEachOverdue { task, _ in
      if let chain = task.pointee.chain, complete(chain) != 0 { task.pointee.chain = nil }
      if task.pointee.chain == nil { count &+= 1 }
    }
    return count
  }

  private static func forEachOverdue(
    _ body: (UnsafeMutablePointer<coexist_task>, UnsafeMutablePointer<coexist_task_bucket>) -> Void
  ) {
    let now = word(COEXIST_WORD_TASK_TICK).pointee.load(ordering: .relaxed)
    for index in 0..<UInt64(COEXIST_TASK_BUCKETS) {
      let bucket = coexist_task_bucket(index)!
      guard bucket.pointee.first != nil else { continue }
      lock(bucket)
      var each = bucket.pointee.first
      while let task = each {
        each = task.pointee.next
        if task.pointee.pinned == 0, task.pointee.since &+ 2 <= now { body(task, bucket) }
      }
      unlock(bucket)
    }
  }

  // MARK: The records, by their address

  private static func keep(
    _ handle: UnsafeMutableRawPointer, _ resume: Resume?, _ context: ContextPointer?,
    chain: UnsafeMutableRawPointer?, isPinned: Bool
  ) -> UnsafeMutableRawPointer? {
    guard let memory = Pool.take(UInt64(MemoryLayout<coexist_task>.size)) else { return nil }
    let task = memory.assumingMemoryBound(to: coexist_task.self)
    task.pointee.handle = handle
    task.pointee.resume = resume
    task.pointee.context = context
    task.pointee.chain = chain
    task.pointee.pinned = isPinned ? 1 : 0
    task.pointee.since = word(COEXIST_WORD_TASK_TICK).pointee.load(ordering: .relaxed)
    let bucket = lockedBucket(task)
    task.pointee.next = bucket.pointee.first
    if let first = bucket.pointee.first { first.pointee.before = task }
    bucket.pointee.first = task
    unlock(bucket)
    return memory
  }

  private static func unlink(
    _ task: UnsafeMutablePointer<coexist_task>, _ bucket: UnsafeMutablePointer<coexist_task_bucket>
  ) {
    if let next = task.pointee.next { next.pointee.before = task.pointee.before }
    if let before = task.pointee.before {
      before.pointee.next = task.pointee.next
    } else {
      bucket.pointee.first = task.pointee.next
    }
  }

  private static func lockedBucket(
    _ task: UnsafeMutablePointer<coexist_task>
  ) -> UnsafeMutablePointer<coexist_task_bucket> {
    let hash = (UInt64(UInt(bitPattern: task)) &* 0x9E37_79B9_7F4A_7C15) &>> 32
    let bucket = coexist_task_bucket(hash)!
    lock(bucket)
    return bucket
  }

  private static func lock(_ bucket: UnsafeMutablePointer<coexist_task_bucket>) {
    while !lockWord(bucket).pointee.compareExchange(
      expected: 0, desired: 1, ordering: .acquiring
    ).exchanged {
      coexist_yield()
    }
  }

  private static func unlock(_ bucket: UnsafeMutablePointer<coexist_task_bucket>) {
    lockWord(bucket).pointee.store(0, ordering: .releasing)
  }

  private static func lockWord(
    _ bucket: UnsafeMutablePointer<coexist_task_bucket>
  ) -> UnsafeMutablePointer<Atomic<UInt64>> {
    withUnsafeMutablePointer(to: &bucket.pointee.lock) { atomic($0) }
  }
}
