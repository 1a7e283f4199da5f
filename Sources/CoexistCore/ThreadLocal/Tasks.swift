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

  static func starts(_ handle: UnsafeMutableRawPointer, _ resume: Resume?) {
    keep(handle, resume, nil)
  }

  /// The thread lets go of the task before the host hands it over: from there on another thread may
  /// resume it, while this one is still on its way out.
  static func suspends(_ handle: UnsafeMutableRawPointer, _ resume: Resume?) {
    let me = coexist_tls_me()!
    guard let context = me.pointee.task, me.pointee.entered == context else {
      keep(handle, resume, nil)
      return
    }
    me.pointee.task = nil
    _ = Entered.leave(context)
    keep(handle, resume, context)
  }

  static func begin(_ handle: UnsafeMutableRawPointer) -> coexist_resumed {
    let me = coexist_tls_me()!
    guard let task = take(handle) else {
      return coexist_resumed(resume: nil, context: nil, before: me.pointee.task)
    }
    let before = me.pointee.task
    let context = task.context ?? Entered.create()
    if let context, Entered.enter(context) == 0 { me.pointee.task = context }
    return coexist_resumed(resume: task.resume, context: context, before: before)
  }

  /// Returned without suspending: the task is over.
  static func end(_ resumed: coexist_resumed) {
    let me = coexist_tls_me()!
    if let context = resumed.context, me.pointee.task == context, Entered.leave(context) == 0 {
      _ = Entered.destroy(context)
    }
    me.pointee.task = resumed.before
  }

  // MARK: Waiting tasks, by handle

  private static func keep(
    _ handle: UnsafeMutableRawPointer, _ resume: Resume?, _ context: ContextPointer?
  ) {
    guard let memory = Pool.take(UInt64(MemoryLayout<coexist_task>.size)) else { return }
    let task = memory.assumingMemoryBound(to: coexist_task.self)
    task.pointee.handle = handle
    task.pointee.resume = resume
    task.pointee.context = context
    let bucket = lockedBucket(handle)
    task.pointee.next = bucket.pointee.first
    bucket.pointee.first = task
    unlock(bucket)
  }

  private static func take(_ handle: UnsafeMutableRawPointer) -> coexist_task? {
    let bucket = lockedBucket(handle)
    defer { unlock(bucket) }
    var before: UnsafeMutablePointer<coexist_task>?
    var each = bucket.pointee.first
    while let task = each {
      if task.pointee.handle == handle {
        if let before {
          before.pointee.next = task.pointee.next
        } else {
          bucket.pointee.first = task.pointee.next
        }
        let found = task.pointee
        Pool.give(task, UInt64(MemoryLayout<coexist_task>.size))
        return found
      }
      before = task
      each = task.pointee.next
    }
    return nil
  }

  private static func lockedBucket(
    _ handle: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<coexist_task_bucket> {
    let hash = UInt64(UInt(bitPattern: handle)) &* 0x9E37_79B9_7F4A_7C15 &>> 32
    let bucket = coexist_task_bucket(hash)!
    while !lock(bucket).pointee.compareExchange(
      expected: 0, desired: 1, ordering: .acquiring
    ).exchanged {
      coexist_yield()
    }
    return bucket
  }

  private static func unlock(_ bucket: UnsafeMutablePointer<coexist_task_bucket>) {
    lock(bucket).pointee.store(0, ordering: .releasing)
  }

  private static func lock(
    _ bucket: UnsafeMutablePointer<coexist_task_bucket>
  ) -> UnsafeMutablePointer<Atomic<UInt64>> {
    withUnsafeMutablePointer(to: &bucket.pointee.lock) { atomic($0) }
  }
}
