import CCoexist
import Synchronization

/// wait(2) for any child: each runtime gets its own, and those that nobody here is known to have
/// made. A wait for one pid is the caller's own business.
enum ChildWaits {
  @_noLocks @_noAllocation
  static func begin(_ pid: Int32, caller: UInt64) -> coexist_child_wait {
    let makers = Children.makers
    if makers == 0 { return coexist_child_wait() }
    let runtime = Children.parent(caller)
    let others = makers & ~bit(runtime)
    let isReaped =
      Children.areReaped(runtime) && State.installed(17) == COEXIST_INSTALLED_DISPATCHER
    return coexist_child_wait(
      runtime: runtime, chooses: pid == -1 && (others != 0 || isReaped) ? 1 : 0,
      reaped: isReaped ? 1 : 0)
  }

  /// A child that has something to tell, 0 = none yet, -ECHILD = none that could have.
  @_noLocks @_noAllocation
  static func next(_ wait: coexist_child_wait, _ options: Int32) -> Int32 {
    let look = options | 0x0100_0001  // WNOWAIT | WNOHANG
    var isAny = false
    for index in 0..<UInt32(COEXIST_CHILDREN_MAX) {
      let child = Children.entry(index).pointee.load(ordering: .acquiring)
      let parent = Children.runtime(child)
      guard child != 0, parent == wait.runtime || parent == Children.anybodys else { continue }
      let told = coexist_wait_id(1, Children.pid(child), look)  // P_PID
      if told > 0 { return told }
      if told == 0 { isAny = true }
    }
    let first = coexist_wait_id(0, 0, look)  // P_ALL
    if first > 0, isAnybodys(first, wait.runtime) { return first }
    let isComing = word(COEXIST_WORD_CHILDREN_COMING).pointee.load(ordering: .acquiring) != 0
    return isAny || isComing ? 0 : -10  // ECHILD
  }

  /// Nobody made it through libc: it was there before us, is an orphan, or a child of Go's, which
  /// makes them by a system call of its own.
  @_noLocks @_noAllocation
  private static func isAnybodys(_ child: Int32, _ runtime: UInt32) -> Bool {
    if Children.parent(of: child) != nil { return false }
    if word(COEXIST_WORD_CHILDREN_COMING).pointee.load(ordering: .acquiring) != 0 { return false }
    return Needs.sendersPastLibc(.max) & ~bit(runtime) == 0 || coexist_adopts_orphans() != 0
  }
}
